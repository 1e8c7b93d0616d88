"""The states and kinds of a ballot. Pure."""

from enum import StrEnum


class BallotState(StrEnum):
    """Where a ballot stands."""

    LEASED = "leased"
    """Dealt; it holds a place until its lease ends."""
    EXPIRED = "expired"
    """The lease ended without an answer; its place was given back."""
    DEFERRED = "deferred"
    """Put aside by the physician; its place was given back."""
    ANSWERED = "answered"


class BallotKind(StrEnum):
    """What a ballot asks for."""

    CHOICE = "choice"
    """Candidates are shown, and one is chosen."""
    BLANK = "blank"
    """No candidate is shown: the physician draws first."""
