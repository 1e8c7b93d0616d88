"""Cards of networks: Markdown from anywhere, shown so that it can do nothing."""

import pytest

from app.web.cards import as_html
from tests.web.test_headers import Offences


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[link](javascript:alert(1))",
        "![picture](https://evil.example/x.png)",
        "| a | b |\n|:--|--:|\n| 1 | 2 |",
        "<style>body{display:none}</style>",
    ],
)
def test_a_card_brings_no_script_style_or_picture(text: str) -> None:
    offences = Offences()
    html = as_html(text)
    offences.feed(html)
    assert not offences.found
    assert "<img" not in html


def test_numbers_in_tables_stay_on_the_right() -> None:
    html = as_html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<td class="number">2</td>' in html


def test_the_cards_title_gives_way_to_the_pages() -> None:
    assert "<h1" not in as_html("# Title\n\n# Another\n\nText")
    assert "Title" not in as_html("# Title\n\nText")
