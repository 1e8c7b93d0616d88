"""What a valid answer is. Pure."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from app.ballots.design import LETTERS
from app.problems import Problem


class AnswerKind(StrEnum):
    """The answers a physician can give."""

    SLOT = "slot"
    TIE = "tie"
    NONE = "none"
    NO_INFECTION = "no_infection"
    UNREADABLE = "unreadable"
    LATER = "later"


class AnswerRefused(Problem):
    """The answer does not fit the ballot."""

    code = "answer-refused"
    status = 422


Letter = Annotated[str, StringConstraints(pattern=f"^[{LETTERS}]$")]


class Answer(BaseModel):
    """Which slot, or why none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: AnswerKind
    slots: tuple[Letter, ...] = ()


class DrawingSent(BaseModel):
    """A drawing as the browser sends it: zlib of the packed bits at native size, in base64."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bits: str
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    """sha256 of the packed bits, before compression."""
    started_from: Literal["blank", "slot"] = "blank"


class Submission(BaseModel):
    """One answer to one ballot, as it is sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    idempotency_key: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F-]{16,36}$")]
    answer: Answer
    sure: bool | None = None
    # PostgreSQL stores every letter but NUL.
    comment: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    shown_at: AwareDatetime | None = None
    drawing: DrawingSent | None = Field(default=None)


def positions(answer: Answer, *, slots: int) -> list[int]:
    """Return the chosen positions (0 is A). Raises `AnswerRefused` where slots do not fit."""
    chosen = sorted({LETTERS.index(letter) for letter in answer.slots})
    if any(position >= slots for position in chosen):
        raise AnswerRefused(f"This ballot has {slots} slots, A to {LETTERS[slots - 1]}.")
    expected = {AnswerKind.SLOT: (1, 1), AnswerKind.TIE: (2, slots)}.get(answer.kind, (0, 0))
    if not expected[0] <= len(chosen) <= expected[1] or len(chosen) != len(answer.slots):
        raise AnswerRefused(
            f"The answer “{answer.kind}” does not go with {len(answer.slots)} slots."
        )
    return chosen
