"""The one base of all errors that a user can cause.

A room derives its own classes (``FilmRefused``, ``BallotGone``). The web turns them into a page or
``application/problem+json`` (RFC 9457), the command line into one line and an exit code.
"""

from typing import ClassVar


class Problem(Exception):
    """Something a person or a program can understand and mend.

    ``code`` is stable and for programs; ``sentence`` says what happened, ``cure`` what to do.
    """

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400

    def __init__(self, sentence: str, *, cure: str = "") -> None:
        super().__init__(f"{sentence} {cure}".strip())
        self.sentence = sentence
        self.cure = cure


class NotFound(Problem):
    """The thing does not exist, or it is not for the one who asks: both look the same."""

    code = "not-found"
    status = 404
