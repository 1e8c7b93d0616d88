"""The one base of all errors that a user can cause.

A room derives its own classes (``FilmRefused``, ``BallotGone``). The web turns them into a page or
``application/problem+json`` (RFC 9457), the command line into one line and an exit code.
"""

from typing import ClassVar


class Problem(Exception):
    """Something a person or a program can understand and mend.

    ``code`` is stable and for programs; ``sentence`` says what happened, ``cure`` what to do.
    Where ``retry_after`` (seconds) is set, the same may succeed a little later.
    ``values`` fill the ``{names}`` of both, so that they can be said in another language.
    """

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    retry_after: ClassVar[int | None] = None

    def __init__(self, sentence: str, *, cure: str = "", **values: object) -> None:
        self.templates = (sentence, cure)
        self.values = values
        self.sentence = sentence.format(**values) if values else sentence
        self.cure = cure.format(**values) if values else cure
        super().__init__(f"{self.sentence} {self.cure}".strip())


class NotFound(Problem):
    """The thing does not exist, or it is not for the one who asks: both look the same."""

    code = "not-found"
    status = 404
