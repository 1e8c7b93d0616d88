"""Frames of drawing: a film of 3000 × 3000 pixels and 16 bits in a real Chromium.

``.venv/bin/python -m tests.bench.bench_drawing`` prints milliseconds: a frame of the brush, from
four points of the pen to the pixels on the canvas, and from one frame to the next; a whole stroke,
early and late; the tools that act on the whole mask.
"""

import json
import shutil
import sys

from playwright.sync_api import sync_playwright

from tests.bench.bench_screen import served
from tests.browser.conftest import CHROMIUM

MEASURE = """async (asked) => {
  const { measure } = await import("/tests/bench/strokes.js");
  return measure(asked);
}"""


def main() -> None:
    """Measure on a small and a large screen."""
    chromium = CHROMIUM or shutil.which("chromium") or sys.exit("needs Chromium")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, height in [(1280, 720), (2560, 1440)]:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(f"{url}/static/base.css")
            found = page.evaluate(MEASURE, {"side": 3000, "frames": 120, "strokes": 2000})
            print(f"{width} × {height}:", json.dumps(found, indent=1, ensure_ascii=False))
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
