"""The parts of a mask and its smoothing: 3000 × 3000 pixels, from nothing to noise, in a Chromium.

``.venv/bin/python -m tests.bench.bench_parts`` prints milliseconds: for finding all parts, for
smoothing, for picking one part, and for how long the page did nothing else meanwhile.
"""

import json
import shutil
import sys

from playwright.sync_api import sync_playwright

from tests.bench.bench_screen import served
from tests.browser.conftest import CHROMIUM

MEASURE = """async (asked) => {
  const { measure } = await import("/tests/bench/parts.js");
  return measure(asked);
}"""


def main() -> None:
    """Measure each mask on a page of its own."""
    chromium = CHROMIUM or shutil.which("chromium") or sys.exit("needs Chromium")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for kind in ("blank", "parts", "stripes", "dots", "specks", "noise"):
            page = browser.new_page()
            page.goto(f"{url}/static/base.css")
            found = page.evaluate(MEASURE, {"side": 3000, "kind": kind})
            print(f"{kind}:", json.dumps(found), flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
