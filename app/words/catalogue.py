"""The catalogue of words: one file a language, ``locale/LANGUAGE/LC_MESSAGES/maskballot.po``.

English stands in the sources and is the key; what a file lacks is said in English. Placeholders are
written ``{name}`` everywhere, in templates, in Python and in the browser.
"""

import gettext
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.settings import REPOSITORY

LOCALES = REPOSITORY / "locale"
DOMAIN = "maskballot"
ENGLISH = "en"

# Numbers up to this one meet every plural form that a language has for whole numbers.
MOST_TRIED = 201

Word = str | Mapping[str, str]
"""A translation; of a plural, one translation for each of the language's CLDR categories."""


Asked = str | tuple[str, str]
"""An English text, or its singular and plural."""


@dataclass(frozen=True)
class Catalogue:
    """The words of one language. ``for_browser`` are the messages that scripts ask for."""

    language: str
    translations: gettext.NullTranslations
    for_browser: tuple[Asked, ...] = ()

    @property
    def name(self) -> str:
        """The language's name in that language."""
        locale = Locale.parse(self.language, sep="-")
        return (locale.get_display_name(locale) or self.language).capitalize()

    @cached_property
    def browser_json(self) -> bytes:
        """What `static/words.js` reads."""
        words: dict[str, Word] = {}
        for message in self.for_browser:
            if isinstance(message, str):
                words[message] = self.translations.gettext(message)
            else:
                words[message[0]] = self._plurals(*message)
        return json.dumps(words, ensure_ascii=False, sort_keys=True).encode()

    @cached_property
    def address(self) -> str:
        """Where `browser_json` lies; empty where scripts need nothing but their own English."""
        if not self.for_browser:
            return ""
        digest = hashlib.sha256(self.browser_json).hexdigest()[:16]
        return f"/words/{self.language}-{digest}.json"

    def _plurals(self, one: str, many: str) -> dict[str, str]:
        category = Locale.parse(self.language, sep="-").plural_form
        return {
            category(number): self.translations.ngettext(one, many, number)
            for number in reversed(range(MOST_TRIED))
        }


def read_catalogue(path: Path) -> Catalog:
    """Read a language's file as it stands, with what it has not translated."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=DOMAIN)


def _opened(path: Path) -> Catalogue:
    catalog = read_catalogue(path)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    language = path.parent.parent.name.replace("_", "-")
    return Catalogue(language, gettext.GNUTranslations(compiled), for_browser(catalog))


def for_browser(catalog: Catalog) -> tuple[Asked, ...]:
    """Return what scripts under ``static/`` say."""
    asked: list[Asked] = []
    for message in catalog:
        if message.id and any(file.startswith("static/") for file, _ in message.locations):
            one_or_two = message.id
            asked.append(
                one_or_two if isinstance(one_or_two, str) else (one_or_two[0], one_or_two[1])
            )
    return tuple(sorted(asked, key=str))


@cache
def catalogues() -> dict[str, Catalogue]:
    """Return all languages by their tag, English first."""
    files = sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    english = Catalogue(ENGLISH, gettext.NullTranslations())
    return {ENGLISH: english} | {one.language: one for one in map(_opened, files)}


def wanted(accept: str) -> str:
    """Return which of our languages a browser's ``Accept-Language`` likes best."""
    asked = []
    for part in accept[:1000].split(","):
        tag, _, quality = part.strip().partition(";")
        weight = quality.strip().removeprefix("q=")
        asked.append((_number(weight) if weight else 1.0, tag.strip().lower()))
    ours = {tag.lower(): tag for tag in catalogues()}
    for liking, tag in sorted(asked, key=lambda one: -one[0]):
        found = ours.get(tag) or ours.get(tag.partition("-")[0])
        if found and liking > 0:
            return found
    return ENGLISH


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
