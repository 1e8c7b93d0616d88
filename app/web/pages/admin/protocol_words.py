"""A study's protocol in sentences, for people."""

from app.studies.protocol import (
    Design,
    Display,
    Protocol,
    Questions,
)
from app.words.speaking import _, counted, ngettext, percents


def display_words(display: Display) -> str:
    """Return how candidates are drawn as a sentence."""
    words = _(
        "grid of {side} pixels on the longer side, smoothed by {sigma}, specks below {specks} and "
        "holes below {holes} of it left out; flagged where Dice with the original is below "
        "{fidelity}",
        side=display.long_side,
        sigma=counted(display.sigma),
        specks=percents(display.specks, 2),
        holes=percents(display.holes, 2),
        fidelity=counted(display.fidelity),
    )
    if not display.native_share:
        return words
    share = percents(display.native_share, 1)
    native = _("{share} of the ballots, at random, show them as they were", share=share)
    return f"{words}; {native}"


def order_words(design: Design) -> str:
    """Return the order of cases as a sentence."""
    if design.priority == "none" or design.backbone_share == 1:
        order = _("at random")
    else:
        share = percents(design.backbone_share)
        order = _("{share} at random, the others by disagreement of their masks", share=share)
    return _("{order}; each physician's order is their own", order=order)


def slots_words(design: Design) -> str:
    """Return which candidates share a slot as a sentence."""
    if not design.merge:
        return _("one for each source")
    return _(
        "one for each source, but masks that agree with a Dice of {dice} or lie within "
        "{distance} pixels of the grid (HD95) share one",
        dice=counted(design.merge_dice),
        distance=counted(design.merge_hd95),
    )


def repeats_words(design: Design) -> str:
    """Return what comes back, and when, as a sentence."""
    said = []
    if design.repeat_share:
        share = percents(design.repeat_share)
        said.append(_("{share} of a physician's cases come again unannounced", share=share))
    if design.draw_first_share:
        share = percents(design.draw_first_share)
        said.append(
            _(
                "{share} of the films are drawn by one physician before any mask is shown",
                share=share,
            )
        )
    if not said:
        return _("none")
    said.append(
        _(
            "a film comes back after {ballots} or {days}",
            ballots=ngettext("{count} ballot", "{count} ballots", design.repeat_after_ballots),
            days=ngettext("{count} day", "{count} days", design.repeat_after_days),
        )
    )
    return "; ".join(said)


def sentinels_words(design: Design) -> str:
    """Return how many ballots have a known answer as a sentence."""
    if not design.sentinel_share:
        return _("none")
    return _(
        "{share} of the ballots, and of the films, which are no cases: one mask is good, the "
        "others are spoilt",
        share=percents(design.sentinel_share, 1),
    )


def questions_words(questions: Questions) -> str:
    """Return what is asked beside the choice as a sentence."""
    said = [_("the worst mask, if the physician likes")] if questions.worst else []
    if questions.guess_share:
        share = percents(questions.guess_share)
        said.append(_("on {share} of the ballots, which mask was drawn by hand", share=share))
    said = said or [_("nothing")]
    if questions.break_minutes:
        said.append(
            ngettext(
                "a break is proposed after {count} minute",
                "a break is proposed after {count} minutes",
                questions.break_minutes,
            )
        )
    else:
        said.append(_("no break is proposed"))
    return "; ".join(said)


def agreed(protocol: Protocol) -> list[tuple[str, str]]:
    """Return the settings of a study that stay as they are, each with its name."""
    lease = ngettext("{count} minute", "{count} minutes", protocol.lease_minutes)
    return [
        (_("Order"), order_words(protocol.design)),
        (_("Slots"), slots_words(protocol.design)),
        (_("Films that come back"), repeats_words(protocol.design)),
        (_("Sentinels"), sentinels_words(protocol.design)),
        (_("Display"), display_words(protocol.display)),
        (_("Asked beside the choice"), questions_words(protocol.questions)),
        (_("Lease"), lease),
    ]
