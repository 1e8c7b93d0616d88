"""How long the next ballot takes to be painted after the answer key, in a real Chromium.

    .venv/bin/python -m tests.bench.next_ballot --ballots 100 --look 1.5
    .venv/bin/python -m tests.bench.next_ballot --ballots 100 --look 0

Films of 2000 × 2000 pixels and 12 bits, four candidates, a window of 1280 × 720, software rendering
where the machine has no graphics card. The time runs from the answer key's own timestamp to the
first frame after the one in which the page has painted all panels of the next ballot, so it is up
to a frame too long. ``--look`` is how long each ballot is looked at, in seconds; a page takes no
answer in the first 0.2 s. Prints; judges nothing.
"""

import argparse
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from tests.bench.sitting import reader, served

WATCH = """() => {
  const stage = document.querySelector("#stage");
  window.took = [];
  let pressed = 0;
  addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
  new MutationObserver(() => requestAnimationFrame((now) => {
    if (pressed) window.took.push(performance.now() - pressed);
    pressed = 0;
  })).observe(stage, { attributes: true, attributeFilter: ["data-painted"] });
}"""


def read(page: Page, *, ballots: int, look: float) -> list[float]:
    """Answer ``ballots`` and return how long each following one took to be painted, in ms."""
    page.evaluate(WATCH)
    for number in range(ballots):
        page.wait_for_selector("#stage[data-open]")
        page.wait_for_timeout(1000 * look)
        here = page.evaluate("document.querySelector('#stage').dataset.painted")
        page.keyboard.press(str(number % 4 + 1))
        page.keyboard.press("Enter")
        page.wait_for_function(
            "key => document.querySelector('#stage').dataset.painted !== key", arg=here
        )
    page.wait_for_timeout(500)
    took: list[float] = page.evaluate("window.took")
    return took


def main() -> None:
    """Make the study, read it, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=100)
    parser.add_argument("--look", type=float, default=1.5)
    parser.add_argument("--side", type=int, default=2000)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    shapes = [(given.side, given.side)] * (given.ballots + 8)
    with served(shapes, home=given.home) as study, reader(study) as page:
        page.goto(f"{study.url}/studies/{study.study}/next")
        took = read(page, ballots=given.ballots, look=given.look)
    mid, high = np.percentile(took, [50, 95])
    print(
        f"{len(took)} ballots of {given.side} × {given.side}, {given.look} s of looking: "
        f"next painted after {mid:.0f} ms in the median, {high:.0f} ms at the 95th percentile, "
        f"{max(took):.0f} ms at most"
    )


if __name__ == "__main__":
    main()
