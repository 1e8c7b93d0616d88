"""Bring the catalogues of words up to date with the sources: `make words`.

Finds every text that is marked for people, in templates (`_`, `ngettext`), in Python (`_`, `N_`,
`ngettext`, and what a `Problem` that a page may show says) and in the browser's scripts (`t`,
`tn`), and writes them into each language's file; translations that exist stay.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

from app import RESEARCH_ONLY, __version__
from app.accounts.roles import Role
from app.maps.numbers import CAUTION, LUNGS_NOT_FOUND, NO_LUNGS
from app.networks.registry import KNOWN
from app.runs.states import RunState
from app.settings import REPOSITORY
from app.statistics.votes import WORDS
from app.studies.states import State
from app.words.catalogue import DOMAIN, LOCALES, read_catalogue

Message = str | tuple[str, ...]

MARKS = {"_", "N_", "ngettext"}
# Rooms whose refusals are read on pages; those of the others are for programs and the command line.
TELLING = (
    "accounts",
    "ballots",
    "blobs/store.py",
    "conduct",
    "db/turns.py",
    "exports",
    "films",
    "networks/folds.py",
    "networks/manifest.py",
    "networks/predict.py",
    "networks/registry.py",
    "networks/stored.py",
    "networks/verify.py",
    "problems.py",
    "runs",
    "studies",
    "votes",
    "web",
)
FOR_PROGRAMS = ("web/api",)


def _strings(nodes: list[ast.expr]) -> tuple[str, ...]:
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return tuple(value for value in values if isinstance(value, str))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _marked(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in MARKS:
            texts = _strings(node.args)
            if texts:
                yield texts[:2] if _called(node) == "ngettext" else texts[0]


@cache
def _problems() -> frozenset[str]:
    """The names of all classes that derive from `Problem`."""
    bases = {
        node.name: {getattr(base, "id", "") or getattr(base, "attr", "") for base in node.bases}
        for path in (REPOSITORY / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }
    found = {"Problem"}
    while more := {name for name, derived in bases.items() if derived & found} - found:
        found |= more
    return frozenset(found)


def refusals(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that make a `Problem`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _problems():
            yield node


def said_by(refusal: ast.Call) -> list[ast.expr]:
    """Return what stands for its sentence, and for its cure."""
    return [*refusal.args[:1], *(one.value for one in refusal.keywords if one.arg == "cure")]


@cache
def told_on_pages() -> list[Path]:
    """Return the sources whose refusals a page may show."""
    app = REPOSITORY / "app"
    rooms = {path.relative_to(app).as_posix(): path for path in sorted(app.rglob("*.py"))}
    return [
        path
        for room, path in rooms.items()
        if room.startswith(TELLING) and not room.startswith(FOR_PROGRAMS)
    ]


def _of_python(path: Path) -> Iterator[Message]:
    tree = ast.parse(path.read_text())
    yield from _marked(tree)
    if path in told_on_pages():
        for refusal in refusals(tree):
            yield from _strings(said_by(refusal))


def _found(found: Iterator[tuple[Any, ...]], plural: str) -> Iterator[Message]:
    for _line, name, message, _comments in found:
        texts = (message,) if isinstance(message, str) else message or ()
        words = tuple(text for text in texts if text)
        if words:
            yield words[:2] if name == plural else words[0]


def _of_template(path: Path) -> Iterator[Message]:
    options: dict[str, Any] = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}
    source = BytesIO(path.read_bytes())
    return _found(babel_extract(source, ("_", "ngettext"), (), options), "ngettext")


def _of_script(path: Path) -> Iterator[Message]:
    source = BytesIO(path.read_bytes())
    return _found(
        iter(
            extract_javascript(source, {"t": None, "tn": None}, (), {"parse_template_string": True})
        ),
        "tn",
    )


# Words of rooms below the web, which know no catalogue.
UNMARKED = [
    (RESEARCH_ONLY, "app/__init__.py"),
    *((str(role), "app/accounts/roles.py") for role in Role),
    *((str(state), "app/studies/states.py") for state in State),
    *((str(state), "app/runs/states.py") for state in RunState),
    (KNOWN, "app/networks/registry.py"),
    *((word, "app/statistics/votes.py") for word in WORDS),
    (CAUTION, "app/maps/numbers.py"),
    (NO_LUNGS, "app/maps/numbers.py"),
    (LUNGS_NOT_FOUND, "app/maps/numbers.py"),
]

READERS = (
    ("templates", "*.html", _of_template),
    ("app", "*.py", _of_python),
    ("static", "*.js", _of_script),
)


def extract() -> Catalog:
    """Return every marked text of the sources, with the files that say it."""
    catalog = Catalog(domain=DOMAIN, project=DOMAIN, charset="utf-8")
    for folder, pattern, read in READERS:
        for path in sorted((REPOSITORY / folder).rglob(pattern)):
            where = path.relative_to(REPOSITORY).as_posix()
            for message in read(path):
                catalog.add(message, locations=[(where, 0)])
    for text, where in UNMARKED:
        catalog.add(text, locations=[(where, 0)])
    return catalog


def update(path: Path, template: Catalog) -> None:
    """Bring one language's file up to date: new texts empty, old ones gone."""
    catalog = read_catalogue(path)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=False, include_lineno=False)


def begin(language: str) -> Path:
    """Make the file of a new language, if it is not there."""
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = Catalog(
            locale=language,
            domain=DOMAIN,
            project=DOMAIN,
            version=__version__,
            last_translator="",
            language_team="",
            msgid_bugs_address="",
            fuzzy=False,
            charset="utf-8",
        )
        catalog.header_comment = f"# The words of maskballot in the language {language!r}."
        with path.open("wb") as file:
            write_po(file, catalog)
    return path


def main(languages: list[str]) -> None:
    """Begin the languages named, and bring all up to date."""
    for language in languages:
        begin(language)
    template = extract()
    for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        update(path, template)
        missing = sum(1 for message in read_catalogue(path) if message.id and not _whole(message))
        print(f"{path.relative_to(REPOSITORY)}: {missing} texts to translate")


def _whole(message: Any) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts) and not message.fuzzy


if __name__ == "__main__":
    main(sys.argv[1:])
