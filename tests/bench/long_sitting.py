"""How much memory a ballot's tab takes after a long sitting, in a real Chromium.

    .venv/bin/python -m tests.bench.long_sitting --ballots 1000

Every tenth film has 1500 × 1500 pixels and 12 bits, the others 256 × 256; four candidates. The
answers are given as fast as the page takes them, by a script in the page: a debugger that listens
to the network keeps what comes over it in the tab, up to hundreds of megabytes, so none is
attached but for the moments of weighing. After 50 ballots, when all caches are full, and then after
each hundred, garbage is collected and the memory is read: the heap of JavaScript (CDP
`Runtime.getHeapUsage`, with what typed arrays hold) and the renderer's own memory (private pages of
its process). Prints; judges nothing.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright
from sqlalchemy import func, select

from app.votes.tables import Vote
from tests.bench.sitting import Served, served, sign_in
from tests.browser.conftest import CHROMIUM
from tests.support.ports import free_port
from tests.support.waiting import until

FULL = 50
EACH = 100
MB = 1_000_000
PATIENCE = 900

# Answers until as many are given as it was told.
DRIVE = """() => {
  window.given = window.wanted = 0;
  const press = (code, key) => {
    for (const kind of ["keydown", "keyup"]) {
      document.dispatchEvent(new KeyboardEvent(kind, { code, key }));
    }
  };
  setInterval(() => {
    if (window.given >= window.wanted || !document.querySelector("#stage[data-open]")) return;
    press("Digit1", "1");
    press("Enter", "Enter");
    window.given++;
  }, 30);
}"""


@contextmanager
def browser() -> Iterator[tuple[str, int]]:
    """Start Chromium by itself; yield the address of its debugger, and its process."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        chromium = subprocess.Popen(
            [
                *(CHROMIUM, "--headless", "--no-sandbox", "--disable-dev-shm-usage"),
                *(f"--remote-debugging-port={port}", f"--user-data-dir={profile}"),
                *("--window-size=1280,720", "about:blank"),
            ],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://127.0.0.1:{port}", chromium.pid
        finally:
            chromium.terminate()
            chromium.wait()


@contextmanager
def attached(debugger: str) -> Iterator[Page]:
    """The browser's page, for a moment."""
    with sync_playwright() as playwright:
        here = until(partial(_reached, playwright.chromium.connect_over_cdp, debugger))
        assert here
        yield here.contexts[0].pages[0]
        here.close()


def _reached(connect: Callable[[str], Browser], debugger: str) -> Browser | None:
    try:
        return connect(debugger)
    except Error:
        return None


def weigh(debugger: str, process: int) -> tuple[float, float]:
    """Return (heap with what typed arrays hold, the renderer's private pages), in MB."""
    with attached(debugger) as page:
        page.wait_for_timeout(3000)
        cdp = page.context.new_cdp_session(page)
        for _ in range(3):
            cdp.send("HeapProfiler.collectGarbage")
        heap = cdp.send("Runtime.getHeapUsage")
        whole = renderer(process)
    parts = ("usedSize", "backingStorageSize", "embedderHeapUsedSize")
    return sum(heap.get(part, 0) for part in parts) / MB, whole / MB


def renderer(browser: int) -> int:
    """Return the private pages of the largest renderer of a browser, in bytes."""
    sizes = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if "--type=renderer" not in (process / "cmdline").read_text():
                continue
            if not _under(process, browser):
                continue
            rollup = (process / "smaps_rollup").read_text()
        except OSError:
            continue
        private = [line.split()[1] for line in rollup.splitlines() if line.startswith("Private")]
        sizes.append(1024 * sum(int(size) for size in private))
    return max(sizes)


def _under(process: Path, ancestor: int) -> bool:
    while process.name not in ("0", "1", str(ancestor)):
        parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
        process = process.parent / parent
    return process.name == str(ancestor)


def answered(study: Served) -> int:
    """How many answers the server has."""
    with study.house.sessions() as session:
        return session.scalar(select(func.count()).select_from(Vote)) or 0


def _has(study: Served, count: int) -> bool:
    return answered(study) >= count


def main() -> None:
    """Make the study, read it, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=1000)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    shapes = [(1500, 1500) if number % 10 == 0 else (256, 256) for number in range(given.ballots)]
    marks = [FULL, *range(EACH, given.ballots + 1, EACH)]
    with (
        served([*shapes, *shapes[:8]], home=given.home) as study,
        browser() as (debugger, process),
    ):
        with attached(debugger) as page:
            sign_in(page, study)
            page.goto(f"{study.url}/studies/{study.study}/next")
            page.evaluate(DRIVE)
        for mark in marks:
            with attached(debugger) as page:
                page.evaluate("count => { window.wanted = count; }", mark)
            until(partial(_has, study, mark), seconds=PATIENCE, every=1)
            heap, whole = weigh(debugger, process)
            print(f"{mark:5d} ballots: heap {heap:.1f} MB, renderer {whole:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
