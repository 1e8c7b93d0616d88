"""Names as strangers' files have them, made fit for a terminal, a page and a database."""

import os

LONGEST = 200


def printable(name: str, *, longest: int = LONGEST) -> str:
    """Return ``name`` without what a terminal obeys, cut in front to ``longest`` characters."""
    text = os.fsencode(name).decode("utf-8", "replace") if _has_surrogates(name) else name
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return clean if len(clean) <= longest else "…" + clean[-(longest - 1) :]


def _has_surrogates(name: str) -> bool:
    # Python reads a file name that is not UTF-8 into lone surrogates, which nothing else takes.
    return any("\ud800" <= c <= "\udfff" for c in name)
