"""The sentences of a study's report. Pure."""

from app.networks.scoring import Estimate
from app.reports.cells import percent_reach
from app.reports.findings import Findings
from app.statistics.agreement import Agreement
from app.statistics.alarm import Alarm
from app.statistics.blinding import Guesses
from app.statistics.order import Slots, Trend
from app.statistics.sentinels import SentinelScore
from app.statistics.votes import WORDS
from app.studies.protocol import FixedRule, LeadRule, Protocol, SequentialRule
from app.words.speaking import _, counted, decimal, ngettext, percents

PAPER_DENIED = 0.05
FEW_READERS = 5


def rule_words(protocol: Protocol) -> str:
    """Return the rule as a sentence."""
    match protocol.rule:
        case FixedRule(n=n):
            return ngettext("{count} answer a case", "{count} answers a case", n)
        case LeadRule(lead=lead, at_most=at_most):
            return ngettext(
                "until one choice leads by {lead}, at most {count} answer a case",
                "until one choice leads by {lead}, at most {count} answers a case",
                at_most,
                lead=lead,
            )
        case SequentialRule(posterior=posterior, at_most=at_most):
            return ngettext(
                "until one choice leads with a probability of {share}, "
                "at most {count} answer a case",
                "until one choice leads with a probability of {share}, "
                "at most {count} answers a case",
                at_most,
                share=percents(posterior),
            )
        case _two_plus_one:
            return _("two answers a case, and a third where they differ")


def source_name(source: str) -> str:
    """Return how a source is called: “manual” is the hand-drawn mask."""
    if source == "manual":
        return _("hand-drawn")
    return source.removeprefix("network:")


def answer_name(category: str) -> str:
    """Return how an answer is called: sources of merged near-twins are joined."""
    if category in WORDS:
        return _(category)
    return " = ".join(source_name(part) for part in category.split(" = "))


def percent_of(estimate: Estimate | None) -> str:
    """Return a share in percent with its interval."""
    if estimate is None:
        return "–"
    return f"{percents(estimate.value, 1)} ({percent_reach(estimate)})"


def in_full(estimate: Estimate | None) -> str:
    """Return a share in percent within a sentence, with its interval."""
    if estimate is None:
        return "–"
    share, low, high = (percents(one, 1) for one in (estimate.value, estimate.low, estimate.high))
    return _("{share}, with an interval of {low} to {high}", share=share, low=low, high=high)


def guess_sentence(found: Guesses) -> str:
    """Return the one sentence that says whether the blind was blind."""
    if not found.made:
        return _("The question “Which was drawn by hand?” was not answered on any ballot.")
    said = ngettext(
        "The hand-drawn mask was found in {right} of {count} guess: {share}; chance is {chance}.",
        "The hand-drawn mask was found in {right} of {count} guesses: {share}; chance is {chance}.",
        found.made,
        right=counted(found.right),
        share=in_full(found.found),
        chance=percents(found.chance, 1),
    )
    if not found.unknown:
        return said
    more = ngettext(
        "Another answer was “don’t know”.",
        "Another {count} answers were “don’t know”.",
        found.unknown,
    )
    return f"{said} {more}"


def sentinel_sentence(found: SentinelScore) -> str:
    """Return how often readers were right where the right answer is known."""
    return ngettext(
        "The good mask was chosen on {right} of {count} sentinel: {share}. Guessing would be right "
        "on {chance}.",
        "The good mask was chosen on {right} of {count} sentinels: {share}. Guessing would be "
        "right on {chance}.",
        found.met,
        right=counted(found.right),
        share=in_full(found.share),
        chance=percents(found.chance, 1),
    )


def alarm_sentence(found: Alarm) -> str:
    """Return how the blinding alarm stands."""
    if not found.guesses:
        return ""
    if found.at is not None:
        return _(
            "The blinding alarm rang at guess {at}: by then the hand-drawn mask had been "
            "found more often than a reader who cannot tell would find it.",
            at=counted(found.at),
        )
    return ngettext(
        "The blinding alarm has not rung in {count} guess (evidence at most {evidence}; it rings "
        "at 20).",
        "The blinding alarm has not rung in {count} guesses (evidence at most {evidence}; it rings "
        "at 20).",
        found.guesses,
        evidence=decimal(found.evidence, 1),
    )


def slots_sentence(found: Slots) -> str:
    """Return whether slots were chosen alike."""
    if found.p_value is None or found.chi2 is None:
        return _("No slot was chosen yet.")
    verdict = (
        _("some slots were chosen more than chance explains")
        if found.p_value < 0.05
        else _("no sign that a slot was preferred as such")
    )
    return _(
        "χ² = {chi2} with {degrees} degrees of freedom, p = {p_value}: {verdict}.",
        chi2=decimal(found.chi2, 2),
        degrees=found.degrees,
        p_value=decimal(found.p_value, 3),
        verdict=verdict,
    )


def trend_sentence(found: Trend | None, *, rising: str, falling: str) -> str:
    """Return what goes with what; nothing where it is unknown."""
    if found is None:
        return ""
    clear = rising if found.rho > 0 else falling
    sign = "+" if found.rho >= 0 else ""
    return ngettext(
        "{how} (Spearman’s ρ = {rho}, p = {p_value}, {count} answer).",
        "{how} (Spearman’s ρ = {rho}, p = {p_value}, {count} answers).",
        found.answers,
        how=clear if found.p_value < 0.05 else _("no clear trend"),
        rho=f"{sign}{decimal(found.rho, 2)}",
        p_value=decimal(found.p_value, 3),
    )


def agreement_sentence(found: Agreement | None) -> str:
    """Return what the agreement rests on."""
    if found is None:
        return _("No film has two answers yet, so agreement cannot be told.")
    return ngettext(
        "{answers} answers on {count} film that has two or more.",
        "{answers} answers on {count} films that have two or more.",
        found.units,
        answers=counted(found.ratings),
    )


def cautions(found: Findings) -> list[str]:
    """Return what the reader of the report must know of its intervals."""
    said = []
    if found.backbone:
        said.append(
            _(
                "Films that masks disagree on came first, so until a study is read to its end only "
                "the random backbone is a fair sample of its films."
            )
        )
    if found.readers == 1:
        said.append(
            _("One reader: intervals are over films alone and say nothing of other readers.")
        )
    elif found.readers < FEW_READERS:
        said.append(
            _(
                "{count} readers: intervals over readers are rough; with five or more they can be "
                "relied on.",
                count=found.readers,
            )
        )
    said.append(
        _(
            "Intervals are {level}, by drawing films’ patients and readers with replacement; "
            "agreement’s by patients alone.",
            level=percents(0.95),
        )
    )
    return said
