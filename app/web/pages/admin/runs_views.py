"""What is shown of a run: on a page, and in the events that keep the page up to date."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.runs.progress import pace
from app.runs.runs import newest_of
from app.runs.states import STOPPED, UNFINISHED, RunState
from app.runs.tables import Run
from app.studies.tables import Study
from app.web.house import House
from app.web.pages.admin.own_study import address_of
from app.web.words import how_long
from app.words import N_
from app.words.speaking import _, decimal, ngettext, retold

TITLES = {"import": N_("Import of films"), "propose": N_("Proposals"), "export": N_("Export")}
TONES = {RunState.DONE: "good", RunState.FAILED: "bad", RunState.CANCELLED: "warn"}


@dataclass(frozen=True)
class RunCard:
    """A run: how far it is, how quick, and what can be done with it; ``words`` say its state.

    ``notes`` says what was left out, and why the run failed if it did; ``english``: as a release
    kept them that had no other words. ``address`` is where its events, its cancelling and its
    resuming stand.
    """

    title: str
    state: str
    words: str
    tone: str
    done: int
    total: int
    pace: str
    notes: list[str]
    english: bool
    unfinished: bool
    resumable: bool
    address: str


def run_card(run: Run, *, study_address: str, now: datetime) -> RunCard:
    """Return what is shown of ``run`` at the time ``now``."""
    state = RunState(run.state)
    return RunCard(
        title=_(TITLES.get(run.kind, run.kind.capitalize())),
        state=state,
        words=_(state),
        tone=TONES.get(state, ""),
        done=run.done,
        total=run.total,
        pace=_pace(run, now),
        notes=_notes(run),
        english=run.told is None,
        unfinished=state in UNFINISHED,
        resumable=state in STOPPED,
        address=f"{study_address}/runs/{run.id}",
    )


def latest_card(session: Session, house: House, study: Study, *, kind: str) -> RunCard | None:
    """Return the card of the study's newest run of ``kind``, if there is one."""
    run = newest_of(session, study_id=study.id, kind=kind)
    if run is None:
        return None
    return run_card(run, study_address=address_of(study), now=house.clock.now())


def _notes(run: Run) -> list[str]:
    if run.told is None:
        return (run.error or "").splitlines()
    said = [(one["of"], retold(one)) for one in run.told]
    return [f"{of}: {words}" if of else words for of, words in said]


def _pace(run: Run, now: datetime) -> str:
    if run.state == RunState.QUEUED:
        return _("waiting to begin")
    end = run.finished_at or now
    known = pace(done=run.done, total=run.total, started_at=run.started_at, now=end)
    if run.state != RunState.RUNNING:
        return ngettext(
            "{count} film, {rate} a second",
            "{count} films, {rate} a second",
            run.done,
            rate=decimal(known.rate, 1),
        )
    if known.seconds_left is None:
        return _("the first film is in hand") if run.total else _("counting the films")
    return _(
        "{rate} films a second, {time} left",
        rate=decimal(known.rate, 1),
        time=how_long(known.seconds_left),
    )
