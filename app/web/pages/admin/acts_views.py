"""The questions that are asked before a study moves on."""

from app.conduct.opening import Readiness
from app.conduct.watching import Answers
from app.studies.states import State
from app.studies.tables import Study
from app.web.pages.admin.confirming import ConfirmPage
from app.web.pages.admin.own_study import address_of
from app.web.words import count


def _ask(
    study: Study, *, act: str, title: str, label: str, words: list[str], kind: str
) -> ConfirmPage:
    address = address_of(study)
    return ConfirmPage(
        title=title, words=words, action=f"{address}/{act}", label=label, back=address, kind=kind
    )


def ask_open(study: Study, ready: Readiness, answers: Answers) -> ConfirmPage:
    """Ask before the study is opened, or what was added is dealt."""
    fresh = count(ready.cases - answers.cases, "case")
    if study.state == State.OPEN:
        return _ask(
            study,
            act="open",
            title="Deal what was added?",
            label="Deal it",
            words=[f"{fresh} are added to the end of every physician's order; nothing else moves."],
            kind="main",
        )
    return _ask(
        study,
        act="open",
        title=f"Open {study.name}?",
        label="Open",
        words=[
            f"{fresh} are laid out for {count(ready.physicians, 'physician')}: for each an own "
            "order of cases, and the slots in which candidates stand.",
            "From then on rule, networks and display stay as they are. Films and physicians can "
            "still be added.",
        ],
        kind="main",
    )


def ask_lock(study: Study, answers: Answers) -> ConfirmPage:
    """Ask before the study takes no more answers."""
    left = answers.wanted - answers.have
    words = ["Physicians can no longer answer, nor change an answer."]
    if left:
        words.append(f"{count(left, 'answer')} are still wanted; such cases settle as incomplete.")
    words.append("The study can be opened again until it is settled.")
    return _ask(
        study, act="lock", title=f"Lock {study.name}?", label="Lock", words=words, kind="danger"
    )


def ask_reopen(study: Study) -> ConfirmPage:
    """Ask before a locked study takes answers again."""
    return _ask(
        study,
        act="reopen",
        title=f"Open {study.name} again?",
        label="Open again",
        words=["Physicians can answer again, and change their answers."],
        kind="main",
    )


def ask_settle(study: Study, answers: Answers) -> ConfirmPage:
    """Ask before every case gets its outcome."""
    words = [
        f"{count(answers.cases, 'case')} get their outcome by the study's rule.",
        "This cannot be taken back: a settled study is never opened again.",
    ]
    left = answers.wanted - answers.have
    if left:
        words.insert(1, f"{count(left, 'answer')} are missing; such cases settle as incomplete.")
    return _ask(
        study,
        act="settle",
        title=f"Settle {study.name}?",
        label="Settle",
        words=words,
        kind="danger",
    )
