"""A page is a contract: its template shows what its dataclass has, all of it and nothing else."""

import dataclasses
import sys
from typing import Any

import pytest
from jinja2 import UndefinedError, meta, nodes

from app.settings import REPOSITORY
from app.web import main
from app.web.render import environment

TEMPLATES = REPOSITORY / "templates"
GIVEN = {"page", "user", "path", *environment.globals}


def pages() -> dict[str, Any]:
    """Return every page's dataclass by its template."""
    assert main.ROUTERS
    found = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("app.web"):
            for thing in vars(module).values():
                if dataclasses.is_dataclass(thing) and hasattr(thing, "template"):
                    found[thing.template] = thing
    return found


def tree_of(name: str) -> nodes.Template:
    """Return a template as a syntax tree."""
    return environment.parse((TEMPLATES / name).read_text())


def is_page(name: str) -> bool:
    """Say whether a template fills the frame, and so is no part of a page."""
    return tree_of(name).find(nodes.Extends) is not None


FILES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PAGES = [name for name in FILES if is_page(name)]


def test_every_template_belongs_to_one_page(town: object) -> None:
    assert sorted(pages()) == PAGES


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("name", PAGES)
def test_a_template_shows_all_of_its_page_and_nothing_else(name: str) -> None:
    page = pages()[name]
    fields = {field.name for field in dataclasses.fields(page)}
    used = attributes_of_page(name)
    assert used == fields


def attributes_of_page(name: str) -> set[str]:
    """Return what a template asks of ``page``."""
    return {
        node.attr
        for node in tree_of(name).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }


@pytest.mark.parametrize("name", FILES)
def test_a_template_needs_no_other_names(name: str) -> None:
    tree = tree_of(name)
    imported = {
        called if isinstance(called, str) else called[1]
        for node in tree.find_all(nodes.FromImport)
        for called in node.names
    }
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    assert meta.find_undeclared_variables(tree) - imported - own <= GIVEN


def test_what_a_page_lacks_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        environment.from_string("{{ page.nothing }}").render(page=object())
