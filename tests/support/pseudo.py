"""A language in which every word of the catalogue stands in brackets, and what finds the others."""

import gettext
import re
from html.parser import HTMLParser

from app.words.catalogue import Catalogue, for_browser
from scripts.words import extract

TAG = "sv"  # any language that there is no file of

OPEN, CLOSE = "⟦", "⟧"
SILENT = {"script", "style", "code", "kbd"}
SAID = {"aria-label", "title", "placeholder", "alt"}
VOID = {"meta", "link", "input", "img", "br", "hr", "base", "source", "wbr", "col", "area"}
# Letters of slots and of a window ("C", "W"), a stage's number, p values, names of standards, and
# a time as the language writes it.
LETTERS = re.compile(
    r"\b(?:[A-HW]|II?|p|px|s|min|h|[KMG]iB|bytes|API|OpenAPI|JSON|sha256)\b"
    r"|\d{1,2} [\w.]+ \d{4}, \d\d:\d\d UTC|maskballot"
)


class Bracketing(gettext.NullTranslations):
    """Says everything in brackets."""

    def gettext(self, message: str) -> str:
        """Say it."""
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Say what fits."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def pseudo_language() -> Catalogue:
    """Return the language; scripts get every text that the sources mark for them."""
    return Catalogue(TAG, Bracketing(), for_browser(extract()))


class Naked(HTMLParser):
    """Collects what a page says outside of brackets, but for what is somebody's own or English."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        english = tag != "html" and ("lang", "en") in attrs
        own = tag in SILENT or english or ("translate", "no") in attrs
        if tag not in VOID:
            self.open.append((tag, own))
        if not any(own for _, own in self.open):
            for name, value in attrs:
                if name in SAID and value:
                    self._look(value, 0)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(own for _, own in self.open):
            self.depth = self._look(data, self.depth)

    def _look(self, text: str, depth: int) -> int:
        outside = []
        for letter in text:
            depth += (letter == OPEN) - (letter == CLOSE)
            outside.append(letter if depth == 0 and letter != CLOSE else " ")
        rest = LETTERS.sub("", "".join(outside)).strip()
        if any(letter.isalpha() for letter in rest):
            self.found.append(rest)
        return depth


def naked(html: str, *own: str) -> list[str]:
    """Return what a page says that is neither in the catalogue nor somebody's ``own``."""
    parser = Naked()
    for name in own:
        html = html.replace(name, "")
    parser.feed(html)
    return parser.found
