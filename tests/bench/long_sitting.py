"""How much memory a ballot's tab takes after a long sitting, in a real Chromium.

    .venv/bin/python -m tests.bench.long_sitting --ballots 1000

Every tenth film has 1500 × 1500 pixels and 12 bits, the others 256 × 256; four candidates. The
answers are given as fast as the page takes them. After 50 ballots, when all caches are full, and then
after each hundred, garbage is collected and the memory is read: the heap of JavaScript (CDP
`Runtime.getHeapUsage`, with what typed arrays hold) and the renderer's own memory (private pages of
its process). Prints; judges nothing.
"""

import argparse
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from tests.bench.sitting import reader, served

FULL = 50
EACH = 100
MB = 1_000_000


def answer(page: Page) -> None:
    """Choose, confirm, and wait for the next ballot."""
    page.wait_for_selector("#stage[data-open]", timeout=60_000)
    here = page.evaluate("document.querySelector('#stage').dataset.painted")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "key => document.querySelector('#stage').dataset.painted !== key", arg=here
    )


def memory(page: Page, cdp: CDPSession) -> tuple[float, float]:
    """Return (heap with what typed arrays hold, the renderer's private pages), in MB."""
    page.wait_for_timeout(3000)
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    heap = cdp.send("Runtime.getHeapUsage")
    held = (
        heap["usedSize"] + heap.get("backingStorageSize", 0) + heap.get("embedderHeapUsedSize", 0)
    )
    return held / MB, renderer() / MB


def renderer() -> int:
    """Return the private pages of the largest renderer of Chromium on this machine, in bytes."""
    sizes = [0]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if "--type=renderer" not in (process / "cmdline").read_text():
                continue
            rollup = (process / "smaps_rollup").read_text()
        except OSError:
            continue
        private = [line.split()[1] for line in rollup.splitlines() if line.startswith("Private")]
        sizes.append(1024 * sum(int(size) for size in private))
    return max(sizes)


def main() -> None:
    """Make the study, read it, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=1000)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    shapes = [(1500, 1500) if number % 10 == 0 else (256, 256) for number in range(given.ballots)]
    with served([*shapes, *shapes[:8]], home=given.home) as study, reader(study) as page:
        page.goto(f"{study.url}/studies/{study.study}/next")
        cdp = page.context.new_cdp_session(page)
        for number in range(1, given.ballots + 1):
            answer(page)
            if number == FULL or number % EACH == 0:
                heap, whole = memory(page, cdp)
                print(f"{number:5d} ballots: heap {heap:.1f} MB, renderer {whole:.0f} MB", flush=True)


if __name__ == "__main__":
    main()
