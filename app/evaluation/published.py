"""Which average a published pair of Dice and IoU is. Pure.

Pooled over all pixels, Dice = 2·IoU / (1 + IoU). That function is concave, so the means of both
over films lie below it (Jensen), as far as films differ; and never below Dice = IoU.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Literal

from app.problems import Problem

Rule = Literal["pooled", "per film", "contradictory"]


class PublishedRefused(Problem):
    """What was given is no pair of Dice and IoU."""

    code: ClassVar[str] = "published-refused"
    status: ClassVar[int] = 422


@dataclass(frozen=True)
class Sorted:
    """The rule, and the lowest and highest pooled Dice that the IoU as printed allows."""

    rule: Rule
    dice: float
    iou: float
    pooled_low: float
    pooled_high: float

    @property
    def why(self) -> str:
        """Say it in a sentence."""
        expected = f"2·IoU/(1+IoU) lies between {self.pooled_low:.4f} and {self.pooled_high:.4f}"
        given = f"Dice is {self.dice:.4f}"
        if self.rule == "pooled":
            return f"{expected}, {given}: equal within rounding, as counts of all pixels are."
        if self.rule == "per film":
            return f"{expected}, {given}: below it, as means over films are (Jensen)."
        return f"{expected}, {given}: neither average can give this; look for a misprint."


def rule_of(dice: str, iou: str) -> Sorted:
    """Return the rule of a pair as it was printed: in percent or shares, with its digits.

    Above 1 is percent. The digits matter: "90.6" stands for 90.55 to 90.65. Films that are all
    alike look pooled. Raises `PublishedRefused`.
    """
    (dice_value, dice_half), (iou_value, iou_half) = _read(dice, "Dice"), _read(iou, "IoU")
    low, high = _pooled(iou_value - iou_half), _pooled(iou_value + iou_half)
    rule: Rule = "pooled"
    if dice_value + dice_half < low:
        below = dice_value + dice_half < iou_value - iou_half
        rule = "contradictory" if below else "per film"
    elif dice_value - dice_half > high:
        rule = "contradictory"
    return Sorted(rule, float(dice_value), float(iou_value), float(low), float(high))


def _pooled(iou: Decimal) -> Decimal:
    return 2 * iou / (1 + iou)


def _read(said: str, name: str) -> tuple[Decimal, Decimal]:
    """Return a share and half a unit of its last printed digit."""
    try:
        value = Decimal(said.strip().removesuffix("%").strip())
    except InvalidOperation:
        raise PublishedRefused(
            f"{name} {said!r} is not a number.", cure="As in 83.7 75.1."
        ) from None
    if not value.is_finite() or not 0 <= value <= 100:
        raise PublishedRefused(
            f"{name} {said!r} is not between 0 and 100.", cure="As in 83.7 75.1."
        )
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return (value / 100, half / 100) if value > 1 or said.strip().endswith("%") else (value, half)
