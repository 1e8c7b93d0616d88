"""What the pages of networks show."""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from app.networks.manifest import NetworkEntry, NetworkFile, Operating
from app.words import N_
from app.words.speaking import _, counted, decimal

TASKS = {"infection": N_("infection"), "lungs": N_("lungs")}


@dataclass(frozen=True)
class NetworkRow:
    """One network in the list."""

    name: str
    title: str
    family: str
    task: str
    stages: str
    files: str
    address: str


@dataclass(frozen=True)
class NetworksPage:
    """All networks of the manifest; ``refused`` says why it cannot be read."""

    template: ClassVar[str] = "networks/networks.html"

    rows: list[NetworkRow]
    refused: str


@dataclass(frozen=True)
class NetworkPage:
    """One network: how it is used, its files, and its card (HTML made from its own Markdown).

    ``measured`` says whether its detection was measured, ``measured_on`` in the manifest's words on
    what; the card is empty where it is missing.
    """

    template: ClassVar[str] = "networks/network.html"

    title: str
    facts: list[tuple[str, str]]
    measured: bool
    measured_on: str
    files: list[tuple[str, str, str]]
    card: Markup


def network_row(entry: NetworkEntry) -> NetworkRow:
    """Return what the list shows of ``entry``."""
    return NetworkRow(
        name=entry.name,
        title=entry.title,
        family=entry.family,
        task=_(TASKS[entry.task]),
        stages=", ".join("II" if stage == 2 else "I" for stage in entry.stages),
        files=counted(len(entry.files)),
        address=f"/networks/{entry.name}",
    )


def network_page(entry: NetworkEntry, card: Markup) -> NetworkPage:
    """Return the page of ``entry``."""
    row, use = network_row(entry), entry.operating
    facts = [
        (_("Name"), row.name),
        (_("Family"), row.family),
        (_("Draws"), row.task),
        (_("Made for stage"), row.stages or _("none")),
        (_("Reads"), _reads(*entry.input.grid)),
        (_("Threshold"), _threshold(use)),
    ]
    measured = use.sensitivity is not None and use.specificity is not None
    if use.sensitivity is not None and use.specificity is not None:
        facts.append((_("Detection"), _detection(use.sensitivity, use.specificity)))
    return NetworkPage(
        title=entry.title,
        facts=facts,
        measured=measured,
        measured_on=use.measured_on,
        files=[(file.path, _learnt(file), file.sha256) for file in entry.files],
        card=card,
    )


def _reads(rows: int, columns: int) -> str:
    return _("{rows} × {columns} pixels (rows × columns)", rows=rows, columns=columns)


def _threshold(use: Operating) -> str:
    threshold, temperature = counted(use.threshold), counted(use.temperature)
    return _(
        "{threshold} at temperature {temperature}", threshold=threshold, temperature=temperature
    )


def _detection(sensitivity: float, specificity: float) -> str:
    return _(
        "sensitivity {sensitivity}, specificity {specificity}",
        sensitivity=decimal(sensitivity, 2),
        specificity=decimal(specificity, 2),
    )


def _learnt(file: NetworkFile) -> str:
    if file.fold is None:
        return _("all its films")
    return _("all but fold {number}", number=file.fold)
