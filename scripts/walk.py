"""Walk through a study by the keyboard alone, in a real Chromium; a picture of each ballot.

    .venv/bin/python -m scripts.walk http://127.0.0.1:8800 anna PASSWORD FOLDER [--ballots 50]

The study is the reader's first; `make demo DATA=…` makes one of real films. The sizes of the window
take turns: 1280 × 720, 2560 × 1440, 1024 × 1366. All kinds of answers come by turns, with ties, the
worst, comments, drawings by keyboard, answers taken back. Prints what was done and ends with 1 if
the page wrote an error to its console, or if not every answer was saved.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM

SIZES = [(1280, 720), (2560, 1440), (1024, 1366)]
ROUND: list[tuple[str, tuple[str, ...]]] = [
    ("choice", ("1", "1")),
    ("second", ("2", "Enter")),
    ("tie", ("1", "k", "2", "Enter")),
    ("worst", ("2", "j", "1", "Enter")),
    ("no infection", ("n", "n")),
    ("sure", ("s", "2", "2")),
    ("all outlines", ("m", "m", "1", "Enter")),
    ("comment", ("c", *"seen by keyboard", "Enter", "1", "1")),
    ("draw from A", ("0", "1", "Enter")),
    ("unsure", ("s", "s", "1", "1")),
    ("unreadable", ("u", "Enter")),
    ("later", ("l", *"look again", "Enter")),
]


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    """Sign in, and go to the first study's next ballot, by keyboard."""
    page.goto(f"{url}/sign-in")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    for _ in range(20):
        page.keyboard.press("Tab")
        if "reading" in (page.evaluate("document.activeElement.textContent") or ""):
            break
    page.keyboard.press("Enter")


def walk(page: Page, folder: Path, *, ballots: int) -> Counter[str]:
    """Answer ``ballots``; a picture of each, as it came and as it was left."""
    done: Counter[str] = Counter()
    for number in range(ballots):
        # Each kind of answer meets another size in each round.
        width, height = SIZES[(number + number // len(ROUND)) % len(SIZES)]
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_selector("#stage[aria-busy=false][data-open]")
        here = page.evaluate("document.querySelector('#stage').dataset.painted")
        kind, keys = ROUND[number % len(ROUND)]
        for key in keys[:-1]:
            page.keyboard.press("Space" if key == " " else key)
        page.wait_for_timeout(100)
        page.screenshot(path=folder / f"{number:02d}-{width}-{kind.replace(' ', '-')}.png")
        page.keyboard.press(keys[-1])
        page.wait_for_function(
            "key => document.querySelector('#stage')?.dataset.painted !== key", arg=here
        )
        done[kind] += 1
        if number % 10 == 9:
            page.wait_for_selector("#stage[data-open]")
            page.keyboard.press("Backspace")
            page.wait_for_function(
                "key => document.querySelector('#stage').dataset.painted === key", arg=here
            )
            page.wait_for_selector("#stage[data-open]")
            page.keyboard.press("Enter")
            page.wait_for_function(
                "key => document.querySelector('#stage').dataset.painted !== key", arg=here
            )
            done["taken back"] += 1
    expect(page.locator("#saving")).to_have_text("✓ all saved", timeout=30_000)
    return done


def main() -> None:
    """Walk, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("name")
    parser.add_argument("password")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ballots", type=int, default=50)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page()
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, given.url, given.name, given.password)
        done = walk(page, given.folder, ballots=given.ballots)
        browser.close()
    print(f"{sum(done.values())} answers: {dict(done)}")
    if errors:
        print(*errors, sep="\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
