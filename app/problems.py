"""The one base of all errors that a user can cause.

A room derives its own classes (``FilmRefused``, ``BallotGone``). The web turns them into a page or
``application/problem+json`` (RFC 9457), the command line into one line and an exit code.
"""

from collections.abc import Sequence
from typing import ClassVar, Self, TypedDict


class Packed(TypedDict):
    """A problem as JSON keeps it, to be said later in the language of who reads it then."""

    templates: list[str]
    values: "dict[str, str | int | float | Packed]"


class Problem(Exception):
    """Something a person or a program can understand and mend.

    ``code`` is stable and for programs; ``sentence`` says what happened, ``cure`` what to do.
    Where ``retry_after`` (seconds) is set, the same may succeed a little later.
    ``values`` fill the ``{names}`` of both, so that they can be said in another language; those in
    a tuple are alternatives, numbers are written as the language does, and a problem is a part.
    """

    code: ClassVar[str] = "problem"
    parts: "tuple[Problem, ...]" = ()
    status: ClassVar[int] = 400
    retry_after: ClassVar[int | None] = None

    def __init__(self, sentence: str, *, cure: str = "", **values: object) -> None:
        self.templates = (sentence, cure)
        self.values = values
        said = {name: _plain(value) for name, value in values.items()}
        self.sentence = sentence.format(**said) if said else sentence
        self.cure = cure.format(**said) if said else cure
        super().__init__(f"{self.sentence} {self.cure}".strip())

    @classmethod
    def of_all(cls, problems: "Sequence[Problem]") -> Self:
        """Return one problem that says what all of ``problems`` say."""
        one = cls(" ".join(map(str, problems)))
        one.parts = tuple(problems)
        return one

    def packed(self) -> Packed:
        """Return what is said without the language it is said in."""
        values = {name: _packed(value) for name, value in self.values.items()}
        return Packed(templates=list(self.templates), values=values)


def _packed(value: object) -> str | int | float | Packed:
    if isinstance(value, Problem):
        return value.packed()
    return value if isinstance(value, int | float) else str(_plain(value))


def _plain(value: object) -> object:
    if isinstance(value, int | float):
        return f"{value:,}"
    return " or ".join(map(str, value)) if isinstance(value, tuple) else value


class NotFound(Problem):
    """The thing does not exist, or it is not for the one who asks: both look the same."""

    code = "not-found"
    status = 404
