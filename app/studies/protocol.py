"""The protocol of a study: what was agreed before the first ballot, and never changes after it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
MOST_SENTINELS = 0.5


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FixedRule(_Frozen):
    """Every case is read ``n`` times; the answer with most votes wins."""

    kind: Literal["fixed"] = "fixed"
    n: int = Field(default=1, ge=1, le=15)


class TwoPlusOneRule(_Frozen):
    """Two physicians; a third where the two differ."""

    kind: Literal["two-plus-one"] = "two-plus-one"


class LeadRule(_Frozen):
    """Read on until one answer leads by ``lead``, at most ``at_most`` times."""

    kind: Literal["lead"] = "lead"
    lead: int = Field(default=2, ge=1, le=5)
    at_most: int = Field(default=5, ge=2, le=15)


class SequentialRule(_Frozen):
    """Read on until the leading answer is the best one with ``posterior``, at most ``at_most``."""

    kind: Literal["sequential"] = "sequential"
    posterior: float = Field(default=0.9, gt=0.5, lt=1)
    at_most: int = Field(default=5, ge=1, le=15)


Rule = Annotated[
    FixedRule | TwoPlusOneRule | LeadRule | SequentialRule, Field(discriminator="kind")
]


class Display(_Frozen):
    """How candidates are drawn: the same for all, whoever made them.

    ``long_side`` is the display grid's longer side in pixels; ``sigma`` the Gaussian's width in
    grid pixels; ``specks`` and ``holes`` the fractions of the grid below which a component or a
    hole is dropped. ``native_share`` of the ballots, drawn at random, show the masks as they are,
    to measure what this costs. A candidate whose shown mask has a Dice below ``fidelity`` with
    the original is flagged.
    """

    version: int = 1
    long_side: int = Field(default=768, ge=64, le=2048)
    sigma: float = Field(default=1.5, ge=0, le=10)
    specks: float = Field(default=0.0002, ge=0, le=0.05)
    holes: float = Field(default=0.0002, ge=0, le=0.05)
    native_share: Share = 0
    fidelity: Share = 0.98


class Design(_Frozen):
    """Which ballots a physician gets, and in what order (BLIND_VOTING §3).

    ``backbone_share`` of the cases stand at random places of each physician's order; the others
    come by ``priority``. ``repeat_share`` of a physician's films come again, hidden, after
    ``repeat_after_days`` or ``repeat_after_ballots`` of the physician's own, whichever is first;
    they stand at random among the early ones (decision 15).
    With ``merge``, candidates of a film share a slot where their Dice is at least ``merge_dice``
    or their HD95 at most ``merge_hd95`` pixels of the grid. ``draw_first_share`` of the films are
    drawn by one physician who has seen no candidate. ``sentinel_share`` of the ballots, and of the
    films, are sentinels: one mask is known to be good, the others are spoilt (decision 14).
    """

    backbone_share: Share = 0.2
    priority: Literal["disagreement", "none"] = "disagreement"
    repeat_share: Share = 0.1
    repeat_after_days: int = Field(default=14, ge=0, le=365)
    repeat_after_ballots: int = Field(default=100, ge=0, le=10_000)
    merge: bool = True
    merge_dice: float = Field(default=0.98, ge=0.8, le=1)
    merge_hd95: float = Field(default=2.0, ge=0, le=20)
    sentinel_share: float = Field(default=0, ge=0, le=MOST_SENTINELS)
    draw_first_share: Share = 0

    @property
    def returns(self) -> bool:
        """Say whether films come back to a physician who has had them."""
        return self.repeat_share > 0 or self.draw_first_share > 0

    @property
    def in_between(self) -> bool:
        """Say whether ballots come between the new cases: films that come back, or sentinels."""
        return self.returns or self.sentinel_share > 0


class Questions(_Frozen):
    """What is asked beside the answer.

    On ``guess_share`` of the ballots the physician is asked, after the choice, which mask was
    drawn by hand; with ``worst``, the worst mask may be named too. After ``break_minutes`` the
    page proposes a break (0: never).
    """

    guess_share: Share = 0
    worst: bool = True
    break_minutes: int = Field(default=45, ge=0, le=24 * 60)


# What studies did before there was a choice: protocols of version 1 go on doing it.
BEFORE: dict[str, dict[str, Any]] = {
    "design": {
        "backbone_share": 1.0,
        "priority": "none",
        "repeat_share": 0.0,
        "merge": False,
    },
    "questions": {"worst": False, "break_minutes": 0},
}


class Protocol(_Frozen):
    """All settings of a study that bear on its result."""

    version: int = 2
    rule: Rule = Field(default_factory=FixedRule)
    display: Display = Field(default_factory=Display)
    design: Design = Field(default_factory=Design)
    questions: Questions = Field(default_factory=Questions)
    hand_drawn: bool = True
    """Whether the hand-drawn mask stands among the candidates (stage I) or not (stage II)."""
    lease_minutes: int = Field(default=30, ge=1, le=24 * 60)

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_agreed(cls, stored: Any) -> Any:
        """Give a protocol of version 1 the design that it had, not the one of today."""
        if isinstance(stored, dict) and stored.get("version") == 1:
            return {**BEFORE, **stored}
        return stored
