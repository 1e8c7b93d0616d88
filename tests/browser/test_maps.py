"""The page of infection maps in a real browser: drop a film, see, hide, outline, read numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.networks.manifest import read_manifest
from app.settings import Settings
from app.web.house import House, build_house
from app.words.catalogue import catalogues
from tests.browser.conftest import Room, Watch
from tests.browser.test_accessibility import complaints
from tests.browser.test_words import speak
from tests.support import two_lungs
from tests.support.ports import free_port
from tests.support.pseudo import TAG, naked, pseudo_language
from tests.support.two_lungs import LEFT

# The colour of the canvas at a film's point, as [red, green, blue, opacity].
PIXEL = """([column, row]) => {
  const layer = document.getElementById("layer");
  return [...layer.getContext("2d").getImageData(column, row, 1, 1).data];
}"""
INSIDE, BESIDE = [115, 65], [45, 65]


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str) -> Iterator[House]:
    """The house of a server whose networks find what is bright."""
    two_lungs.add_networks(tmp_path / "models")
    settings = Settings(
        home=tmp_path / "home",
        database_url=sqlite_url,
        models=tmp_path / "models",
        port=free_port(),
    )
    built = build_house(settings)
    yield built
    built.engine.dispose()
    built.reader.dispose()


@pytest.fixture
def films() -> int:
    return 1


def send_film(reader: Page, room: Room) -> None:
    """Give the page a film."""
    reader.goto(f"{room.url}/maps")
    film = {
        "name": "ill.png",
        "mimeType": "image/png",
        "buffer": two_lungs.film(LEFT).to_bytes(),
    }
    reader.set_input_files("#film", film)  # type: ignore[arg-type]


@pytest.fixture
def maps(reader: Page, room: Room) -> Page:
    """The page with a film's map on it."""
    send_film(reader, room)
    expect(reader.locator("#result")).to_be_visible()
    expect(reader.locator("#status")).to_have_text("The map of ill.png is shown.")
    return reader


def pixel(page: Page, place: list[int]) -> list[int]:
    found: list[int] = page.evaluate(PIXEL, place)
    return found


def test_a_map_lies_exactly_over_the_film_with_its_numbers(maps: Page) -> None:
    assert pixel(maps, INSIDE)[3] > 150
    assert pixel(maps, BESIDE)[3] == 0
    expect(maps.locator("#figures")).to_contain_text("found")
    expect(maps.locator("#figures")).to_contain_text("50.0 %")
    expect(maps.locator("#lungs tr").nth(1)).to_have_text("Left100.0 %4100.0 %100.0 %100.0 %")
    expect(maps.locator("#ticks li")).to_have_text(["0.1", "0.25", "0.5", "0.75", "1"])
    expect(maps.locator("#facts")).to_contain_text(two_lungs.film(LEFT).sha256())
    expect(maps.locator("#facts")).to_contain_text("research use only")
    film, layer = maps.evaluate(
        """["shown", "layer"].map(id => {
          const box = document.getElementById(id).getBoundingClientRect();
          return [box.left, box.top, box.width, box.height];
        })"""
    )
    assert film == layer
    assert film[2] / film[3] == pytest.approx(160 / 120, rel=0.01)


def test_a_map_is_accessible(maps: Page) -> None:
    assert complaints(maps, "map") == []


def test_a_map_says_nothing_outside_of_the_catalogue(
    reader: Page, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogues(), TAG, pseudo_language())
    speak(room, TAG)
    send_film(reader, room)
    expect(reader.locator("#figures dt").first).to_have_text("⟦Infection⟧")
    names = [entry.title for entry in read_manifest(room.house.settings.models).networks]
    facts = reader.locator("#facts dd").filter(has_text="sha256").all_inner_texts()
    bare = naked(reader.content(), *names, *facts, "ill.png")
    assert [words for words in bare if words not in ("second", "first", "lungs", "cividis")] == []


def test_hiding_contour_opacity_colours_and_pointing(maps: Page) -> None:
    maps.keyboard.press("h")
    expect(maps.locator("#layer")).not_to_be_visible()
    expect(maps.locator("#hide")).to_have_attribute("aria-pressed", "true")
    maps.keyboard.press("h")
    expect(maps.locator("#layer")).to_be_visible()

    maps.keyboard.press("c")
    assert pixel(maps, INSIDE)[3] == 0
    assert pixel(maps, [90, 65])[3] > 0
    maps.click("#contour")
    assert pixel(maps, INSIDE)[3] > 150

    maps.focus("#opacity")
    maps.keyboard.press("Home")
    expect(maps.locator("#layer")).to_have_css("opacity", "0")
    expect(maps.locator("#opacity-words")).to_have_text("0 %")
    before = pixel(maps, INSIDE)
    maps.select_option("#colours", "inferno")
    assert pixel(maps, INSIDE) != before

    box = maps.locator("#lightbox").bounding_box()
    assert box is not None
    maps.mouse.move(box["x"] + box["width"] * 0.72, box["y"] + box["height"] * 0.5)
    expect(maps.locator("#pointed")).to_have_text("p = 1.00")
    maps.mouse.move(box["x"] + box["width"] * 0.28, box["y"] + box["height"] * 0.5)
    expect(maps.locator("#pointed")).to_have_text("not painted here")


def test_a_refused_file_is_named_and_the_page_goes_on(maps: Page, watch: Watch) -> None:
    watch.failures_expected = True
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}
    maps.set_input_files("#film", notes)  # type: ignore[arg-type]
    expect(maps.locator("#wrong")).to_be_visible()
    expect(maps.locator("#wrong")).to_contain_text("not")
    maps.select_option("#networks", "second")
    expect(maps.locator("#wrong")).to_be_visible()


def test_a_dropped_film_is_mapped(reader: Page, room: Room) -> None:
    reader.goto(f"{room.url}/maps")
    content = list(two_lungs.film().to_bytes())
    reader.evaluate(
        """bytes => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], "well.png", { type: "image/png" }));
          const dropped = new DragEvent("drop", { dataTransfer: files, bubbles: true });
          document.body.dispatchEvent(dropped);
        }""",
        content,
    )
    expect(reader.locator("#figures")).to_contain_text("not found")
