"""The acts of a study's history in words: what was done, and its detail.

The audit trail keeps one English line a detail; what it says is found again here, by the act.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.tables import AuditEvent
from app.web.pages.admin.films_views import OUTCOMES
from app.web.words import when
from app.words import N_
from app.words.speaking import _, counted, ngettext

ACTS = {
    "study-made": N_("study made"),
    "study-simulated": N_("study simulated"),
    "member-added": N_("member added"),
    "member-removed": N_("member removed"),
    "import-started": N_("import started"),
    "import-cancelled": N_("import cancelled"),
    "import-resumed": N_("import resumed"),
    "propose-started": N_("propose started"),
    "propose-cancelled": N_("propose cancelled"),
    "propose-resumed": N_("propose resumed"),
    "opened": N_("opened"),
    "locked": N_("locked"),
    "reopened": N_("reopened"),
    "settled": N_("settled"),
    "report-unblinded": N_("report unblinded"),
    "export-started": N_("export started"),
    "export-cancelled": N_("export cancelled"),
    "export-resumed": N_("export resumed"),
    "export-downloaded": N_("export downloaded"),
}

# How else than on a page an act was done: the end of its detail.
WAYS = {
    "command line": N_("command line"),
    "API": N_("API"),
}
WAY = re.compile(rf"(?:^|(?P<what>.*) )\((?P<way>{'|'.join(WAYS)})\)", re.DOTALL)
NEW_CASES = re.compile(r"(\d+) new cases")
OUTCOME = re.compile(r"(\d+) (\w+)")


@dataclass(frozen=True)
class EventRow:
    """One act. ``own``: the detail is somebody's name for something, the same in every language."""

    at: str
    who: str
    action: str
    detail: str
    own: bool


def event_row(event: AuditEvent, who: str) -> EventRow:
    """Return what the list shows of ``event``."""
    act = _(ACTS.get(event.action, event.action.replace("-", " ")))
    found = WAY.fullmatch(event.detail)
    what = (found["what"] or "") if found else event.detail
    said = DETAILS.get(event.action, _as_it_is)(what)
    shown = _with_way(what if said is None else said, found["way"] if found else "")
    return EventRow(when(event.at), who, act, shown, own=said is None and not found)


def _with_way(what: str, way: str) -> str:
    if not way:
        return what
    return _("{what} ({way})", what=what, way=_(WAYS[way])) if what else f"({_(WAYS[way])})"


def _as_it_is(what: str) -> str | None:
    """Names of people, networks, files and studies say the same in every language."""
    return None if what else ""


def _opened(what: str) -> str | None:
    found = NEW_CASES.fullmatch(what)
    return ngettext("{count} new case", "{count} new cases", int(found[1])) if found else None


def _settled(what: str) -> str | None:
    parts = [OUTCOME.fullmatch(part) for part in what.split(", ")]
    found = [part for part in parts if part is not None and part[2] in OUTCOMES]
    if len(found) < len(parts):
        return _as_it_is(what)
    return ", ".join(f"{_(OUTCOMES[part[2]])}: {counted(int(part[1]))}" for part in found)


def _known(*texts: str) -> Callable[[str], str | None]:
    return lambda what: _(what) if what in texts else _as_it_is(what)


DETAILS: dict[str, Callable[[str], str | None]] = {
    "opened": _opened,
    "settled": _settled,
    "import-started": _known(N_("a zip")),
    "report-unblinded": _known(N_("page"), N_("command line")),
}
"""What the detail of an act says in the language; None where it is the same in each."""
