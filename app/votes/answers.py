"""What a valid answer is. Pure."""

import hashlib
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


UNKNOWN = "unknown"
DONT_KNOW = -1

Milliseconds = Annotated[int, Field(ge=0, lt=2**31)]
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
    started_from: Literal["blank", "slot", "union", "majority"] = "blank"


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
    worst: Letter | None = None
    guess: Letter | Literal["unknown"] | None = None
    reading_ms: Milliseconds | None = None
    sitting: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    paused_ms: Milliseconds | None = None

    def fingerprint(self, ballot_key: str) -> str:
        """Return one sha256 of this answer to that ballot.

        What is not said does not stand in it, so an answer has the same as it had in releases
        that did not know the later fields: a browser may send it again after an upgrade.
        """
        unsaid = {name for name in LATER_FIELDS if getattr(self, name) is None}
        return hashlib.sha256(
            f"{ballot_key}{self.model_dump_json(exclude=unsaid)}".encode()
        ).hexdigest()


LATER_FIELDS = ("worst", "guess", "reading_ms", "sitting", "paused_ms")


def positions(answer: Answer, *, slots: int) -> list[int]:
    """Return the chosen positions (0 is A). Raises `AnswerRefused` where slots do not fit."""
    chosen = sorted({_position(letter, slots=slots) for letter in answer.slots})
    expected = {AnswerKind.SLOT: (1, 1), AnswerKind.TIE: (2, slots)}.get(answer.kind, (0, 0))
    if not expected[0] <= len(chosen) <= expected[1] or len(chosen) != len(answer.slots):
        raise AnswerRefused(
            "The answer “{kind}” does not go with so many slots: {count}.",
            kind=answer.kind.value,
            count=len(answer.slots),
        )
    return chosen


def _position(letter: str, *, slots: int) -> int:
    position = LETTERS.index(letter)
    if position >= slots:
        if not slots:
            raise AnswerRefused("This ballot has no slots.")
        raise AnswerRefused(
            "This ballot has {count} slots, A to {last}.", count=slots, last=LETTERS[slots - 1]
        )
    return position


def worst_position(sent: Submission, *, slots: int, asked: bool) -> int | None:
    """Return the position named the worst. Raises `AnswerRefused` where none can be."""
    if sent.worst is None:
        return None
    if not asked:
        raise AnswerRefused("This study does not ask for the worst mask.")
    if sent.answer.kind not in (AnswerKind.SLOT, AnswerKind.TIE):
        raise AnswerRefused("A worst mask is named only beside a chosen one.")
    if sent.worst in sent.answer.slots:
        raise AnswerRefused("The worst mask cannot be the chosen one.")
    return _position(sent.worst, slots=slots)


def guess_position(sent: Submission, *, slots: int, asked: bool) -> int | None:
    """Return the position taken for hand-drawn, `DONT_KNOW`, or nothing where none was said.

    Raises `AnswerRefused` where the ballot did not ask.
    """
    if sent.guess is None:
        return None
    if not asked:
        raise AnswerRefused("This ballot does not ask which mask was drawn by hand.")
    return DONT_KNOW if sent.guess == UNKNOWN else _position(sent.guess, slots=slots)
