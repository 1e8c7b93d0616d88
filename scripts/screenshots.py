"""Take the README's pictures: a fresh sample study of phantom films in a real Chromium.

make screenshots [FOLDER]       writes docs/images/*.png, or into FOLDER
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
SCREEN = {"width": 1440, "height": 900}
FILMS = 8


@dataclass(frozen=True)
class Sample:
    """A served sample study."""

    url: str
    passwords: dict[str, str]
    films: list[Path]


@contextmanager
def sample_study() -> Iterator[Sample]:
    """Run ``maskballot demo`` in a home of its own, and stop it at the end."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "app", "demo", "--films", str(FILMS), "--port", "0"]
        environment = {**os.environ, "MASKBALLOT_HOME": home, "PYTHONUNBUFFERED": "1"}
        demo = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            url, passwords = _read(demo)
            yield Sample(url, passwords, sorted(Path(home, "phantoms", "films").iterdir()))
        finally:
            demo.terminate()
            demo.wait()


def _read(demo: subprocess.Popen[str]) -> tuple[str, dict[str, str]]:
    assert demo.stdout is not None
    passwords = {}
    for line in demo.stdout:
        if account := re.match(r"\s+(\w+)\s+(\S+)\s+\((admin|physician)\)", line):
            passwords[account[1]] = account[2]
        if address := re.search(r"Open (http://\S+)", line):
            return address[1], passwords
    raise SystemExit("The demo ended before it was served; run `make demo` to see why.")


def sign_in(page: Page, sample: Sample, name: str) -> None:
    """Sign in as ``name``."""
    page.goto(f"{sample.url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(sample.passwords[name])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def ballot(page: Page, sample: Sample, out: Path) -> None:
    """A ballot with a choice, all outlines on one film, and a drawing."""
    page.goto(sample.url)
    page.get_by_role("link", name=re.compile("Start reading|Go on reading")).first.click()
    _full_ballot(page)
    page.keyboard.press("2")
    _take(page, out / "ballot.png")
    page.keyboard.press("m")
    _take(page, out / "all-outlines.png")
    page.keyboard.press("m")
    page.keyboard.press("0")
    page.keyboard.press("1")
    # The mask to begin with is made beside the page.
    expect(page.get_by_role("button", name="Save drawing")).to_be_enabled(timeout=20_000)
    _take(page, out / "drawing.png")


def _full_ballot(page: Page) -> None:
    """Go on until every candidate of the ballot outlines something."""
    for _ in range(FILMS):
        page.wait_for_selector("#stage[aria-busy=false]")
        page.wait_for_timeout(200)
        if page.get_by_text("nothing outlined").count() == 0:
            return
        with page.expect_navigation():
            page.keyboard.press("n")
            page.keyboard.press("n")


def infection_map(page: Page, sample: Sample, out: Path) -> None:
    """A film dropped on the page of infection maps."""
    page.goto(f"{sample.url}/maps")
    page.set_input_files("#film", sample.films[5])
    page.wait_for_selector("#result:not([hidden])")
    page.set_viewport_size({"width": SCREEN["width"], "height": 1280})
    _take(page, out / "map.png")


def _take(page: Page, path: Path) -> None:
    page.wait_for_timeout(300)  # two frames, and the fonts
    page.screenshot(path=path)
    print(path)


def main() -> None:
    """Take all pictures."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs" / "images"
    out.mkdir(parents=True, exist_ok=True)
    with sample_study() as sample, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=SCREEN)  # type: ignore[arg-type]
        sign_in(page, sample, "anna")
        _take(page, out / "studies.png")
        ballot(page, sample, out)
        # Map pages of another account: whoever votes on a film is shown no network's map of it.
        page.context.clear_cookies()
        sign_in(page, sample, "admin")
        infection_map(page, sample, out)
        browser.close()


if __name__ == "__main__":
    main()
