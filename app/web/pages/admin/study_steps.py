"""The steps of a study as a checklist: what is done, what comes next, and where to do it. Pure."""

from dataclasses import dataclass

from app.conduct.opening import Readiness
from app.conduct.watching import Answers
from app.studies.states import State
from app.web.words import count

DONE = "done"
NOW = "now"
LATER = "later"


@dataclass(frozen=True)
class Act:
    """Something that can be done now: a link to the page that does it, or asks first."""

    label: str
    address: str
    kind: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a study. ``mark``: done, now or later."""

    title: str
    mark: str
    words: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Standing:
    """All that the checklist is made from. ``address`` is the study's, ``exports`` their number."""

    address: str
    state: State
    ready: Readiness
    answers: Answers
    exports: int

    @property
    def growing(self) -> bool:
        """Whether films and physicians can still be added."""
        return self.state in (State.DRAFT, State.OPEN)

    @property
    def opened(self) -> bool:
        """Whether the study was opened, now or before."""
        return self.state is not State.DRAFT

    @property
    def complete(self) -> bool:
        """Whether every case has the answers that it wants."""
        return 0 < self.answers.wanted <= self.answers.have

    def act(self, label: str, path: str, kind: str = "") -> Act:
        """Return an act that stands below the study's address."""
        return Act(label, f"{self.address}/{path}", kind)


def steps(standing: Standing) -> list[Step]:
    """Return the checklist, in the order in which a study goes."""
    return [
        _films(standing),
        _proposals(standing),
        _opening(standing),
        _reading(standing),
        _locking(standing),
        _settling(standing),
        _exporting(standing),
    ]


def _films(at: Standing) -> Step:
    films = at.ready.films
    acts = []
    if at.growing:
        acts.append(at.act("Import films", "import", "" if films else "main"))
    if films:
        acts.append(at.act("See the films", "films"))
    words = count(films, "film") if films else "From a folder of the server, or a zip of yours."
    return Step("Import films", DONE if films else NOW, words, tuple(acts))


def _proposals(at: Standing) -> Step:
    ready = at.ready
    if not ready.films:
        return Step("Propose", LATER, "The networks draw a candidate for every film.")
    if ready.to_propose or ready.sources < 2:
        words = f"{count(ready.to_propose, 'film lacks', 'films lack')} candidates."
        return Step("Propose", NOW, words, (at.act("Propose", "propose", "main"),))
    words = f"{count(ready.cases, 'film has', 'films have')} all {ready.sources} candidates."
    if ready.without_hand_drawn:
        words += f" {ready.without_hand_drawn:,} have no hand-drawn mask and are left out."
    return Step("Propose", DONE, words, (at.act("See the networks", "propose"),))


def _opening(at: Standing) -> Step:
    fresh = at.ready.cases - at.answers.cases
    if at.opened:
        words = count(at.answers.cases, "case") + "."
        if at.state is State.OPEN and fresh > 0 and not at.ready.to_propose:
            words += f" {count(fresh, 'film')} more could be dealt."
            return Step("Open", NOW, words, (at.act("Add them", "open", "main"),))
        return Step("Open", DONE, words)
    problems = at.ready.problems
    if problems:
        acts = (at.act("Physicians", "members"),) if at.ready.films else ()
        return Step("Open", LATER, " ".join(problems), acts)
    words = f"{count(at.ready.cases, 'case')} for {count(at.ready.physicians, 'physician')}."
    return Step("Open", NOW, words, (at.act("Open to physicians", "open", "main"),))


def _reading(at: Standing) -> Step:
    words = f"{at.answers.have:,} of {at.answers.wanted:,} answers."
    if not at.opened:
        return Step("Read", LATER, "Physicians answer their ballots; you watch how far they are.")
    if at.state is State.OPEN:
        return Step("Read", DONE if at.complete else NOW, words)
    return Step("Read", DONE, words)


def _locking(at: Standing) -> Step:
    if at.state is State.DRAFT:
        return Step("Lock", LATER, "Ends the reading; it can be opened again until it is settled.")
    if at.state is State.OPEN:
        kind = "main" if at.complete else ""
        words = "All answers are in." if at.complete else "Not all answers are in yet."
        return Step("Lock", NOW if at.complete else LATER, words, (at.act("Lock", "lock", kind),))
    if at.state is State.LOCKED:
        return Step("Lock", DONE, "No more answers are taken.", (at.act("Open again", "reopen"),))
    return Step("Lock", DONE, "No more answers are taken.")


def _settling(at: Standing) -> Step:
    if at.state is State.SETTLED:
        return Step("Settle", DONE, "Every case has its outcome.")
    if at.state is State.LOCKED:
        words = "Each case gets its outcome by the study's rule. This cannot be taken back."
        return Step("Settle", NOW, words, (at.act("Settle", "settle", "main"),))
    return Step("Settle", LATER, "Each case gets its outcome by the study's rule.")


def _exporting(at: Standing) -> Step:
    words = "Films, chosen masks and votes as a training set."
    if at.state is not State.SETTLED:
        return Step("Export", LATER, words)
    if at.exports:
        return Step("Export", DONE, words, (at.act("See the exports", "exports"),))
    return Step("Export", NOW, words, (at.act("Export", "exports", "main"),))
