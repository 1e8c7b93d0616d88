"""What the pages of networks show."""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from app.networks.manifest import NetworkEntry


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
    """One network: how it is used, its files, and its card (HTML made from its own Markdown)."""

    template: ClassVar[str] = "networks/network.html"

    title: str
    facts: list[tuple[str, str]]
    files: list[tuple[str, str]]
    card: Markup


def network_row(entry: NetworkEntry) -> NetworkRow:
    """Return what the list shows of ``entry``."""
    return NetworkRow(
        name=entry.name,
        title=entry.title,
        family=entry.family,
        task=entry.task,
        stages=", ".join("II" if stage == 2 else "I" for stage in entry.stages),
        files=str(len(entry.files)),
        address=f"/networks/{entry.name}",
    )


def network_page(entry: NetworkEntry, card: Markup) -> NetworkPage:
    """Return the page of ``entry``."""
    row, use = network_row(entry), entry.operating
    facts = [
        ("Name", row.name),
        ("Family", row.family),
        ("Draws", row.task),
        ("Made for stage", row.stages or "none"),
        ("Reads", f"{entry.input.grid[0]} × {entry.input.grid[1]} pixels (rows × columns)"),
        ("Threshold", f"{use.threshold} at temperature {use.temperature}"),
    ]
    if use.sensitivity is not None and use.specificity is not None:
        measured = f"sensitivity {use.sensitivity:.2f}, specificity {use.specificity:.2f}"
        facts.append(("Detection", f"{measured}, measured on {use.measured_on or 'unnamed films'}"))
    files = [
        (file.path if file.fold is None else f"{file.path} (fold {file.fold})", file.sha256)
        for file in entry.files
    ]
    return NetworkPage(title=entry.title, facts=facts, files=files, card=card)
