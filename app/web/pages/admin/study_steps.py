"""The steps of a study as a checklist: what is done, what comes next, and where to do it."""

from dataclasses import dataclass

from app.conduct.opening import Readiness
from app.conduct.watching import Answers
from app.studies.states import State
from app.words.speaking import _, counted, ngettext, told

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


def _count_films(number: int) -> str:
    return ngettext("{count} film", "{count} films", number)


def _count_cases(number: int) -> str:
    return ngettext("{count} case", "{count} cases", number)


def _films(at: Standing) -> Step:
    films, title = at.ready.films, _("Import films")
    acts = []
    if at.growing:
        acts.append(at.act(title, "import", "" if films else "main"))
    if films:
        acts.append(at.act(_("See the films"), "films"))
    words = _count_films(films) if films else _("From a folder of the server, or a zip of yours.")
    return Step(title, DONE if films else NOW, words, tuple(acts))


def _proposals(at: Standing) -> Step:
    ready, title = at.ready, _("Propose")
    if not ready.films:
        return Step(title, LATER, _("The networks draw a candidate for every film."))
    if ready.to_propose or ready.sources < 2:
        words = ngettext(
            "{count} film lacks candidates.", "{count} films lack candidates.", ready.to_propose
        )
        return Step(title, NOW, words, (at.act(title, "propose", "main"),))
    words = ngettext(
        "{count} film has all {sources} candidates.",
        "{count} films have all {sources} candidates.",
        ready.cases,
        sources=counted(ready.sources),
    )
    if ready.sentinels:
        words += " " + ngettext(
            "{count} more is a sentinel.", "{count} more are sentinels.", ready.sentinels
        )
    if ready.without_hand_drawn:
        words += " " + ngettext(
            "{count} has no hand-drawn mask and is left out.",
            "{count} have no hand-drawn mask and are left out.",
            ready.without_hand_drawn,
        )
    return Step(title, DONE, words, (at.act(_("See the networks"), "propose"),))


def _opening(at: Standing) -> Step:
    title = _("Open")
    if at.opened:
        return _opened(at, title)
    lacking = at.ready.lacking
    if lacking:
        acts = (at.act(_("Physicians"), "members"),) if at.ready.films else ()
        return Step(title, LATER, " ".join(map(told, lacking)), acts)
    words = _(
        "{cases} for {physicians}.",
        cases=_count_cases(at.ready.cases),
        physicians=ngettext("{count} physician", "{count} physicians", at.ready.physicians),
    )
    return Step(title, NOW, words, (at.act(_("Open to physicians"), "open", "main"),))


def _opened(at: Standing, title: str) -> Step:
    fresh = at.ready.cases - at.answers.cases
    words = _count_cases(at.answers.cases) + "."
    if at.state is not State.OPEN or fresh <= 0 or at.ready.to_propose:
        return Step(title, DONE, words)
    more = ngettext(
        "{count} film more could be dealt.", "{count} films more could be dealt.", fresh
    )
    return Step(title, NOW, f"{words} {more}", (at.act(_("Add them"), "open", "main"),))


def _reading(at: Standing) -> Step:
    title = _("Read")
    words = _(
        "{done} of {total} answers.",
        done=counted(at.answers.have),
        total=counted(at.answers.wanted),
    )
    if not at.opened:
        words = _("Physicians answer their ballots; you watch how far they are.")
        return Step(title, LATER, words)
    if at.state is State.OPEN:
        return Step(title, DONE if at.complete else NOW, words)
    return Step(title, DONE, words)


def _locking(at: Standing) -> Step:
    title = _("Lock")
    if at.state is State.DRAFT:
        words = _("Ends the reading; it can be opened again until it is settled.")
        return Step(title, LATER, words)
    if at.state is State.OPEN:
        kind = "main" if at.complete else ""
        words = _("All answers are in.") if at.complete else _("Not all answers are in yet.")
        return Step(title, NOW if at.complete else LATER, words, (at.act(title, "lock", kind),))
    acts = (at.act(_("Open again"), "reopen"),) if at.state is State.LOCKED else ()
    return Step(title, DONE, _("No more answers are taken."), acts)


def _settling(at: Standing) -> Step:
    title, words = _("Settle"), _("Each case gets its outcome by the study's rule.")
    if at.state is State.SETTLED:
        return Step(title, DONE, _("Every case has its outcome."))
    if at.state is State.LOCKED:
        words += " " + _("This cannot be taken back.")
        return Step(title, NOW, words, (at.act(title, "settle", "main"),))
    return Step(title, LATER, words)


def _exporting(at: Standing) -> Step:
    title, words = _("Export"), _("Films, chosen masks and votes as a training set.")
    if at.state is not State.SETTLED:
        return Step(title, LATER, words)
    if at.exports:
        return Step(title, DONE, words, (at.act(_("See the exports"), "exports"),))
    return Step(title, NOW, words, (at.act(title, "exports", "main"),))
