"""The protocol of a study: what was agreed before the first ballot, and never changes after it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


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


Rule = Annotated[FixedRule | TwoPlusOneRule | LeadRule, Field(discriminator="kind")]


class Display(_Frozen):
    """How candidates are drawn: the same for all, whoever made them.

    ``long_side`` is the display grid's longer side in pixels; ``sigma`` the Gaussian's width in
    grid pixels; ``specks`` and ``holes`` the fractions of the grid below which a component or a
    hole is dropped.
    """

    version: int = 1
    long_side: int = Field(default=768, ge=64, le=2048)
    sigma: float = Field(default=1.5, ge=0, le=10)
    specks: float = Field(default=0.0002, ge=0, le=0.05)
    holes: float = Field(default=0.0002, ge=0, le=0.05)


class Protocol(_Frozen):
    """All settings of a study that bear on its result."""

    version: int = 1
    rule: Rule = Field(default_factory=FixedRule)
    display: Display = Field(default_factory=Display)
    hand_drawn: bool = True
    """Whether the hand-drawn mask stands among the candidates (stage I) or not (stage II)."""
    lease_minutes: int = Field(default=30, ge=1, le=24 * 60)
