"""Frames of the reading room: 3000 × 3000 pixels of 16 bits under four panels, in a real Chromium.

``.venv/bin/python -m tests.bench.bench_screen`` prints milliseconds a frame: from the change of the
state until the last panel's pixels are there, and from one frame to the next.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import sync_playwright

from app.settings import REPOSITORY
from tests.browser.conftest import CHROMIUM, Quiet

SCREENS = [(1280, 720), (2560, 1440)]
FRAMES = 120

MEASURE = """async (asked) => {
  const { measure } = await import("/tests/bench/frames.js");
  return measure(asked);
}"""


@contextmanager
def served() -> Iterator[str]:
    """Serve this repository's files."""
    handler = partial(Quiet, directory=str(REPOSITORY))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def main() -> None:
    """Measure both painters on both screens."""
    chromium = CHROMIUM or shutil.which("chromium") or sys.exit("needs Chromium")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, height in SCREENS:
            for painter in ("processor", "card"):
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto(f"{url}/static/base.css")
                asked = {"painter": painter, "frames": FRAMES, "side": 3000}
                found = page.evaluate(MEASURE, asked)
                print(f"{width} × {height}:", json.dumps(found, indent=1, ensure_ascii=False))
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
