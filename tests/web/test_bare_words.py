"""No template of a page holds a word for people that is not in the catalogue."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import nodes

from app.web.render import environment
from tests.support.pseudo import naked
from tests.web.test_templates import FILES, TEMPLATES

# The evaluation and the comparison are files of their own, in English.
ENGLISH = {"reports/evaluation.html", "reports/compare-maps.html"}
PAGES = [name for name in FILES if name not in ENGLISH]
SAYING = {"_", "ngettext"}
# What stands on a key and what is typed is the same in every language.
SILENT = {"code", "key"}
ANYWHERE = {"Esc", "Space", "Del", "OpenAPI"}
# A block of classes, and attributes that a macro puts into another's tag.
NO_TEXT = re.compile(r"{% block \w+_class %}[^{]*|aria-invalid=.*|aria-describedby=.*")
WORDS = re.compile(r"[A-Z][a-z]|[a-z] [a-z]")


def bare_text(source: str) -> list[str]:
    """Return what the HTML between Jinja's signs says, or an attribute for people."""
    lexed = environment.lex(NO_TEXT.sub(" ", source))
    return naked("".join(text for _line, kind, text in lexed if kind == "data"))


def bare_strings(node: nodes.Node) -> Iterator[str]:
    """Yield strings in expressions that read like words and are not said by the catalogue."""
    called = getattr(node.node, "name", "") if isinstance(node, nodes.Call) else ""
    if called in SILENT or (isinstance(node, nodes.Keyword) and node.key == "key_hint"):
        return
    if isinstance(node, nodes.Call) and called in SAYING:
        for keyword in node.kwargs:
            yield from bare_strings(keyword)
        return
    text = node.value if isinstance(node, nodes.Const) else None
    if isinstance(text, str) and text not in ANYWHERE and WORDS.search(text):
        yield text
    for child in node.iter_child_nodes():
        if not isinstance(node, (nodes.FromImport, nodes.Extends, nodes.Include)):
            yield from bare_strings(child)


@pytest.mark.parametrize("name", PAGES)
def test_a_template_says_nothing_outside_of_the_catalogue(name: str) -> None:
    source = (TEMPLATES / name).read_text()
    assert bare_text(source) + list(bare_strings(environment.parse(source))) == []


def test_bare_words_are_found() -> None:
    source = """<p>{{ _("Said", name=button("Bare too")) }} bare <code>ls</code></p>
    {% call table("Films", [(_("Name"), "number")]) %}<img alt="A film">{% endcall %}"""
    assert bare_text(source) == ["bare", "film"]
    assert set(bare_strings(environment.parse(source))) == {"Bare too", "Films"}
