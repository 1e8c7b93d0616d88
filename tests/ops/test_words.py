"""The catalogues of words: complete, without what nobody says, and with the places to fill in."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from app.settings import REPOSITORY
from app.words.catalogue import LOCALES, read_catalogue
from scripts.words import extract, refusals, said_by, told_on_pages

FILES = sorted(LOCALES.glob("*/LC_MESSAGES/maskballot.po"))


def texts(message: Message) -> list[str]:
    said = message.string
    return list(said) if isinstance(said, (tuple, list)) else [said or ""]


def asked(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, (tuple, list)) else [message.id]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return extract()


def test_there_is_a_second_language() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_a_language_says_all_that_the_sources_say_and_nothing_else(
    path: Path, sources: Catalog
) -> None:
    said = {str(message.id): message for message in read_catalogue(path) if message.id}
    wanted = {str(message.id) for message in sources if message.id}
    assert set(said) == wanted, "make words brings the files up to date"
    assert [key for key, message in said.items() if not all(texts(message)) or message.fuzzy] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_a_translation_fills_in_what_its_original_does(path: Path) -> None:
    wrong = [
        message.id
        for message in read_catalogue(path)
        if message.id
        for text in texts(message)
        if places(text) not in [places(original) for original in asked(message)]
    ]
    assert wrong == []


def test_marks_are_found_in_templates_in_python_and_in_scripts(sources: Catalog) -> None:
    found = {file.split("/")[0] for message in sources for file, _ in message.locations}
    assert {"templates", "app"} <= found
    assert "The drawing was damaged on its way." in {message.id for message in sources}


def test_a_refusal_that_a_page_may_show_holds_its_values_apart() -> None:
    mixed = [
        f"{path.relative_to(REPOSITORY)}:{call.lineno}"
        for path in told_on_pages()
        for call in refusals(ast.parse(path.read_text()))
        for text in said_by(call)
        if isinstance(text, (ast.JoinedStr, ast.BinOp))
    ]
    assert mixed == [], "say {name} and hand the value over by name: it is said in every language"
