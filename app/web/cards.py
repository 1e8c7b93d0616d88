"""A network's card: Markdown that came with the network, as HTML that can do nothing."""

from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.networks.manifest import NetworkEntry, inside

LARGEST = 256 * 1024

# Raw HTML in a card is shown as text, and images are not fetched: a card may come from anywhere.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def read_card(models: Path, entry: NetworkEntry) -> Markup:
    """Return the card of ``entry`` as HTML, empty where it is missing."""
    path = inside(models, entry.card)
    if not path.is_file() or path.stat().st_size > LARGEST:
        return Markup()
    return as_html(path.read_text("utf-8", "replace"))


def as_html(text: str) -> Markup:
    """Return Markdown as HTML without script, style, image or inline attribute."""
    tokens = _without_title(_markdown.parse(text))
    for token in tokens:
        # Tables align by a style attribute, which the content security policy refuses.
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "number")
        if token.tag in ("h1", "h2", "h3"):
            # The page has its own heading of the first level.
            token.tag = f"h{int(token.tag[1]) + 1}"
    return Markup(_markdown.renderer.render(tokens, _markdown.options, {}))  # noqa: S704


def _without_title(tokens: list[Token]) -> list[Token]:
    # The page shows the network's title already.
    return tokens[3:] if tokens and tokens[0].tag == "h1" else tokens
