"""One page that asks before an act that cannot be taken back at once; it needs no script."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ConfirmPage:
    """A question with two answers: ``action`` is where the yes is posted, ``back`` the way out.

    ``kind`` is the button's look: ``danger`` where something is shut or lost, else ``main``.
    """

    template: ClassVar[str] = "admin/confirm.html"

    title: str
    words: list[str]
    action: str
    label: str
    back: str
    kind: str = "main"
