"""The language of the answer being made: what the account says, or else what the browser asks for.

It is held for the length of a request. Python says ``_("…")``, templates too; `N_` marks a
text that is said later, through `_`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import cast

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from app.problems import Packed, Problem
from app.words.catalogue import ENGLISH, Catalogue, catalogues, wanted


@dataclass
class Speaking:
    """Mutable: dependencies run in threads with a copy of the context, but with the same object."""

    language: str = ENGLISH


_speaking: ContextVar[Speaking] = ContextVar("speaking")


def begin(accept: str) -> None:
    """A request begins, whose browser accepts these languages."""
    _speaking.set(Speaking(wanted(accept)))


def speak(language: str) -> None:
    """Go on in ``language``; one that we do not have, or none, changes nothing."""
    if language in catalogues():
        _now().language = language


@contextmanager
def speaking_in(language: str) -> Iterator[None]:
    """Speak ``language`` for a while, where no request is."""
    before = _speaking.set(Speaking(language))
    try:
        yield
    finally:
        _speaking.reset(before)


def language() -> str:
    """Return the language's tag."""
    return _now().language


def words() -> Catalogue:
    """Return the catalogue of the language."""
    return catalogues()[language()]


def _now() -> Speaking:
    try:
        return _speaking.get()
    except LookupError:
        return Speaking()


def _(text: str, **values: object) -> str:
    """Say ``text``, with ``{name}`` filled in."""
    said = words().translations.gettext(text) if text else ""
    return said.format(**values) if values else said


def said(problem: Problem) -> tuple[str, str]:
    """Say what happened and what to do about it."""
    if problem.parts:
        return " ".join(map(told, problem.parts)), ""
    return _said(problem.templates, problem.values)


def told(problem: Problem) -> str:
    """Say both in one paragraph."""
    return " ".join(filter(None, said(problem)))


def retold(packed: Packed) -> str:
    """Say what `app.problems.Problem.packed` kept, in one paragraph."""
    return " ".join(filter(None, _said(packed["templates"], packed["values"])))


def _said(templates: Iterable[str], values: Mapping[str, object]) -> tuple[str, str]:
    filled = {name: _value(value) for name, value in values.items()}
    sentence, cure = (_(template, **filled) for template in templates)
    return sentence, cure


def _value(value: object) -> object:
    """Say a state or a role in words, a number as it is written, alternatives with their "or"."""
    if isinstance(value, Problem):
        return told(value)
    if isinstance(value, dict):
        return retold(cast("Packed", value))
    if isinstance(value, StrEnum):
        return _(value)
    if isinstance(value, int | float):
        return counted(value)
    if isinstance(value, tuple):
        return reduce(
            lambda one, other: _("{one} or {other}", one=one, other=other), map(_value, value)
        )
    return value


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Say what fits ``number``, which fills ``{count}``."""
    said = words().translations.ngettext(one, many, number)
    return said.format(count=counted(number), **values)


def _locale() -> str:
    tag = language().replace("-", "_")
    return "en_GB" if tag == ENGLISH else tag


def counted(number: float) -> str:
    """Return a number as the language writes it: 1,204 or 1.204."""
    return format_decimal(number, locale=_locale())


def decimal(number: float, digits: int) -> str:
    """Return a number with so many digits after the language's point."""
    return format_decimal(number, format=f"#,##0.{'0' * digits}", locale=_locale())


def percents(share: float, digits: int = 0) -> str:
    """Return a share as percent, as the language writes it: 12.5% or 12,5 %."""
    pattern = str(Locale.parse(_locale()).percent_formats[None].pattern)
    if digits:
        pattern = pattern.replace("##0", f"##0.{'0' * digits}")
    return format_percent(share, format=pattern, locale=_locale())


def dated(time: datetime) -> str:
    """Return a time (aware, UTC) as the language writes it."""
    return f"{format_skeleton('yMMMd', time, locale=_locale())}, {time:%H:%M} UTC"


def in_template(text: str, **values: object) -> Markup:
    """`_` for templates: what is filled in is escaped, unless it is markup."""
    said = escape(words().translations.gettext(text) if text else "")
    return said.format(**values) if values else said


def plural_in_template(one: str, many: str, number: int, **values: object) -> Markup:
    """`ngettext` for templates."""
    said = escape(words().translations.ngettext(one, many, number))
    return said.format(count=counted(number), **values)
