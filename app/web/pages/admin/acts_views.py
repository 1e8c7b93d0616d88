"""The questions that are asked before a study moves on."""

from app.conduct.opening import Readiness
from app.conduct.watching import Answers
from app.studies.states import State
from app.studies.tables import Study
from app.web.pages.admin.confirming import ConfirmPage
from app.web.pages.admin.own_study import address_of
from app.words.speaking import _, ngettext


def _ask(
    study: Study, *, act: str, title: str, label: str, words: list[str], kind: str
) -> ConfirmPage:
    address = address_of(study)
    return ConfirmPage(
        title=title, words=words, action=f"{address}/{act}", label=label, back=address, kind=kind
    )


def ask_open(study: Study, ready: Readiness, answers: Answers) -> ConfirmPage:
    """Ask before the study is opened, or what was added is dealt."""
    fresh = ready.cases - answers.cases
    if study.state == State.OPEN:
        return _ask(
            study,
            act="open",
            title=_("Deal what was added?"),
            label=_("Deal it"),
            words=[
                ngettext(
                    "{count} case is added to the end of every physician's order; "
                    "nothing else moves.",
                    "{count} cases are added to the end of every physician's order; "
                    "nothing else moves.",
                    fresh,
                )
            ],
            kind="main",
        )
    return _ask(
        study,
        act="open",
        title=_("Open {study}?", study=study.name),
        label=_("Open"),
        words=[
            ngettext(
                "{count} case is laid out for {physicians}: for each an own order of cases, and "
                "the slots in which candidates stand.",
                "{count} cases are laid out for {physicians}: for each an own order of cases, and "
                "the slots in which candidates stand.",
                fresh,
                physicians=ngettext("{count} physician", "{count} physicians", ready.physicians),
            ),
            _(
                "From then on rule, networks and display stay as they are. Films and physicians "
                "can still be added."
            ),
        ],
        kind="main",
    )


def ask_lock(study: Study, answers: Answers) -> ConfirmPage:
    """Ask before the study takes no more answers."""
    left = answers.wanted - answers.have
    words = [_("Physicians can no longer answer, nor change an answer.")]
    if left:
        words.append(
            ngettext(
                "{count} answer is still wanted; its case settles as incomplete.",
                "{count} answers are still wanted; such cases settle as incomplete.",
                left,
            )
        )
    words.append(_("The study can be opened again until it is settled."))
    title = _("Lock {study}?", study=study.name)
    return _ask(study, act="lock", title=title, label=_("Lock"), words=words, kind="danger")


def ask_reopen(study: Study) -> ConfirmPage:
    """Ask before a locked study takes answers again."""
    return _ask(
        study,
        act="reopen",
        title=_("Open {study} again?", study=study.name),
        label=_("Open again"),
        words=[_("Physicians can answer again, and change their answers.")],
        kind="main",
    )


def ask_settle(study: Study, answers: Answers) -> ConfirmPage:
    """Ask before every case gets its outcome."""
    words = [
        ngettext(
            "{count} case gets its outcome by the study's rule.",
            "{count} cases get their outcome by the study's rule.",
            answers.cases,
        ),
        _("This cannot be taken back: a settled study is never opened again."),
    ]
    left = answers.wanted - answers.have
    if left:
        missing = ngettext(
            "{count} answer is missing; its case settles as incomplete.",
            "{count} answers are missing; such cases settle as incomplete.",
            left,
        )
        words.insert(1, missing)
    return _ask(
        study,
        act="settle",
        title=_("Settle {study}?", study=study.name),
        label=_("Settle"),
        words=words,
        kind="danger",
    )
