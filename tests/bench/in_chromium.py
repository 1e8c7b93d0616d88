"""A module of measurements, run by a page in a real Chromium."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import sync_playwright

from tests.bench.bench_screen import served
from tests.browser.conftest import CHROMIUM

MEASURE = """async ([module, asked]) => {
  const { measure } = await import(module);
  return measure(asked);
}"""

Measure = Callable[..., Any]


@contextmanager
def measuring(module: str) -> Iterator[Measure]:
    """Give what calls ``measure`` of tests/bench/``module``, each time on a new page."""
    chromium = CHROMIUM or shutil.which("chromium") or sys.exit("needs Chromium")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

        def measure(asked: dict[str, Any], **page_options: Any) -> Any:
            page = browser.new_page(**page_options)
            page.goto(f"{url}/static/base.css")
            found = page.evaluate(MEASURE, [f"/tests/bench/{module}", asked])
            page.close()
            return found

        yield measure
        browser.close()
