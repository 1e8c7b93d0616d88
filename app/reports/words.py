"""The sentences of a study's report. Pure."""

from app.networks.scoring import Estimate
from app.reports.findings import Findings
from app.statistics.agreement import Agreement
from app.statistics.alarm import Alarm
from app.statistics.blinding import Guesses
from app.statistics.order import Slots, Trend
from app.statistics.sentinels import SentinelScore

PAPER_DENIED = "under 5 %"
FEW_READERS = 5


def source_name(source: str) -> str:
    """Return how a source is called: “manual” is the hand-drawn mask."""
    if source == "manual":
        return "hand-drawn"
    return source.removeprefix("network:")


def answer_name(category: str) -> str:
    """Return how an answer is called: sources of merged near-twins are joined."""
    return " = ".join(source_name(part) for part in category.split(" = "))


def number(votes: float) -> str:
    """Return a number of votes: ties are shared, so it may have a fraction."""
    return f"{votes:,.1f}".removesuffix(".0")


def percent(share: float, digits: int = 1) -> str:
    """Return a share in percent."""
    return f"{100 * share:.{digits}f} %"


def percent_of(estimate: Estimate | None) -> str:
    """Return a share in percent with its interval."""
    if estimate is None:
        return "–"
    low, high = f"{100 * estimate.low:.1f}", f"{100 * estimate.high:.1f}"
    return f"{percent(estimate.value)} ({low} to {high} %)"


def in_full(estimate: Estimate | None) -> str:
    """Return a share in percent within a sentence, with its interval."""
    if estimate is None:
        return "–"
    low, high = percent(estimate.low), percent(estimate.high)
    return f"{percent(estimate.value)}, with an interval of {low} to {high}"


def guess_sentence(found: Guesses) -> str:
    """Return the one sentence that says whether the blind was blind."""
    if not found.made:
        return "The question “Which was drawn by hand?” was not answered on any ballot."
    said = (
        f"The hand-drawn mask was found in {found.right:,} of {found.made:,} guesses"
        f": {in_full(found.found)}; chance is {percent(found.chance)}."
    )
    if found.unknown:
        said += f" Another {found.unknown:,} answers were “don’t know”."
    return said


def sentinel_sentence(found: SentinelScore) -> str:
    """Return how often readers were right where the right answer is known."""
    return (
        f"The good mask was chosen on {found.right:,} of {found.met:,} sentinels: "
        f"{in_full(found.share)}."
    )


def alarm_sentence(found: Alarm) -> str:
    """Return how the blinding alarm stands."""
    if not found.guesses:
        return ""
    if found.at is not None:
        return (
            f"The blinding alarm rang at guess {found.at:,}: by then the hand-drawn mask had been "
            "found more often than a reader who cannot tell would find it."
        )
    return (
        f"The blinding alarm has not rung in {found.guesses:,} guesses (evidence at most "
        f"{found.evidence:.1f}; it rings at 20)."
    )


def slots_sentence(found: Slots) -> str:
    """Return whether slots were chosen alike."""
    if found.p_value is None:
        return "No slot was chosen yet."
    verdict = (
        "some slots were chosen more than chance explains"
        if found.p_value < 0.05
        else "no sign that a slot was preferred as such"
    )
    return (
        f"χ² = {found.chi2:.2f} with {found.degrees} degrees of freedom, p = {found.p_value:.3f}: "
        f"{verdict}."
    )


def trend_sentence(found: Trend | None, *, rising: str, falling: str) -> str:
    """Return what goes with what; nothing where it is unknown."""
    if found is None:
        return ""
    clear = rising if found.rho > 0 else falling
    how = clear if found.p_value < 0.05 else "no clear trend"
    numbers = f"ρ = {found.rho:+.2f}, p = {found.p_value:.3f}, {found.answers:,} answers"
    return f"{how} (Spearman’s {numbers})."


def agreement_sentence(found: Agreement | None) -> str:
    """Return what the agreement rests on."""
    if found is None:
        return "No film has two answers yet, so agreement cannot be told."
    return f"{found.ratings:,} answers on {found.units:,} films that have two or more."


def cautions(found: Findings) -> list[str]:
    """Return what the reader of the report must know of its intervals."""
    said = []
    if found.backbone:
        said.append(
            "Films that masks disagree on came first, so until a study is read to its end only the "
            "random backbone is a fair sample of its films."
        )
    if found.readers == 1:
        said.append("One reader: intervals are over films alone and say nothing of other readers.")
    elif found.readers < FEW_READERS:
        said.append(
            f"{found.readers} readers: intervals over readers are rough; with five or more they "
            "can be relied on."
        )
    said.append(
        "Intervals are 95 %, by drawing films’ patients and readers with replacement; agreement’s "
        "by patients alone."
    )
    return said
