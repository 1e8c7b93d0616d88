"""What scripts write on a physician's pages comes from the catalogue, like all the rest."""

import pytest
from playwright.sync_api import Page, expect

from app.accounts.users import set_language, user_named
from app.words.catalogue import catalogues
from tests.browser.conftest import READER, Room, painted
from tests.browser.test_accessibility import address, sign_in
from tests.support.addresses import ADMINS
from tests.support.pseudo import TAG, naked, pseudo_language


@pytest.fixture
def bracketed(reader: Page, room: Room, monkeypatch: pytest.MonkeyPatch) -> Page:
    """A reader whose pages put every word of the catalogue in brackets."""
    monkeypatch.setitem(catalogues(), TAG, pseudo_language())
    speak(room, TAG)
    return reader


def speak(room: Room, language: str, name: str = READER) -> None:
    with room.house.sessions.begin() as session:
        set_language(session, user=user_named(session, name), language=language)


def bare(page: Page, room: Room) -> list[str]:
    """Words on the page as it stands now, hidden ones too, that are in no catalogue."""
    return naked(page.content(), room.world.study.name)


def test_a_ballot_says_nothing_outside_of_the_catalogue(bracketed: Page, room: Room) -> None:
    bracketed.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(bracketed)
    found = bare(bracketed, room)
    for key in ("2", "k", "Escape", "m", "b", "x", "0", "1", "h", "s", "r", "c", "Enter"):
        bracketed.keyboard.press(key)
        bracketed.wait_for_timeout(50)
        found += bare(bracketed, room)
    assert sorted(set(found)) == []


def test_the_list_of_keys_says_nothing_outside_of_the_catalogue(
    bracketed: Page, room: Room
) -> None:
    bracketed.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(bracketed).keyboard.press("?")
    expect(bracketed.locator("#keys")).to_be_visible()
    assert bare(bracketed, room) == []


def test_the_editor_of_keys_says_nothing_outside_of_the_catalogue(
    bracketed: Page, room: Room
) -> None:
    bracketed.goto(f"{room.url}/account/keys")
    bracketed.locator('tr[data-act="invert"] button').click()
    bracketed.keyboard.press("n")
    assert bare(bracketed, room) == []


def test_practice_says_nothing_outside_of_the_catalogue(bracketed: Page, room: Room) -> None:
    bracketed.goto(f"{room.url}/practice/ballots/1")
    painted(bracketed)
    found = bare(bracketed, room)
    bracketed.goto(f"{room.url}/practice/done")
    assert found + bare(bracketed, room) == []


def test_a_german_ballot_fits_the_smallest_screen(reader: Page, room: Room) -> None:
    speak(room, "de")
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(reader)
    expect(reader.locator("#saving")).to_have_text("✓ alles gespeichert")
    for mode in ("compare", "draw"):
        if mode == "draw":
            reader.keyboard.press("0")
            expect(reader.locator("#drawing")).to_be_visible()
        over: list[str] = reader.evaluate(
            """() => [...document.querySelectorAll("button, .bar, .rail, .tools, header")]
              .filter(part => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)
              .map(part => part.outerHTML.slice(0, 90))"""
        )
        assert over == [], mode
        assert reader.evaluate("document.documentElement.scrollHeight") <= 720


@pytest.mark.parametrize("width", [1280, 1024])
def test_an_admins_german_pages_fit(page: Page, room: Room, width: int) -> None:
    speak(room, "de", "alpha-admin")
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, room, "alpha-admin")
    over = {}
    for path in (*ADMINS, "/account"):
        page.goto(address(room, path))
        page.evaluate("document.querySelectorAll('details').forEach(part => (part.open = true))")
        found: list[str] = page.evaluate(
            """() => [...document.querySelectorAll("body *")]
              .filter(part => part.checkVisibility() && !part.closest(".unseen, .skip, svg"))
              .filter(part => part.getBoundingClientRect().right > innerWidth + 1
                || (part.matches("button, .button, .badge, label, h1, h2, th, dt, legend")
                  && part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0))
              .map(part => part.outerHTML.slice(0, 90))"""
        )
        if found:
            over[path] = found
    assert over == {}
