"""What went over the wire gives a planted tell away, and nothing where nothing tells."""

from collections.abc import Callable

import numpy as np
import pytest

from app.probe.guessing import Finding, guess
from app.probe.transport import Delivery, Heard, seen_of

Tell = Callable[[int], Heard]
HTML = (("content-type", "text/html"),)


def plain(rng: np.random.Generator, found: int) -> Heard:
    """The same headers for all, a length and a time that vary by chance."""
    body = b"x" * int(rng.integers(900, 1100))
    headers = (("content-type", "application/octet-stream"), ("cache-control", "no-store"))
    return Heard("bundle", headers, body, float(rng.uniform(0.01, 0.02)))


def lengths_of_each(rng: np.random.Generator, found: int) -> Heard:
    lengths = [int(rng.integers(100, 140)) + 60 * (slot == found) for slot in range(4)]
    return Heard("bundle", (("x-lengths", ",".join(map(str, lengths))),), b"", 0.01)


def a_number_of_the_slot(rng: np.random.Generator, found: int) -> Heard:
    return Heard("bundle", (("x-cache", f"hit {found}"),), b"", 0.01)


def slower_the_later_it_stands(rng: np.random.Generator, found: int) -> Heard:
    return Heard("bundle", (), b"", 0.01 * (1 + found) + float(rng.uniform(0, 0.002)))


def letters_in_the_order_of_sources(rng: np.random.Generator, found: int) -> Heard:
    others = [letter for letter in "ABCD" if letter != "ABCD"[found]]
    order = ["ABCD"[found], *others]
    return Heard("page", HTML, f"<p>film</p><p>{' '.join(order)}</p>".encode(), 0.01)


def outcome(tell: Callable[[np.random.Generator, int], Heard]) -> Finding:
    rng = np.random.default_rng(5)
    deliveries = []
    for number in range(120):
        found = int(rng.integers(4))
        heard = (plain(rng, found), tell(rng, found))
        deliveries.append(Delivery(f"patient-{number}", 4, found, heard))
    return guess(seen_of(deliveries), seed=1)


@pytest.mark.parametrize(
    "tell",
    [
        lengths_of_each,
        a_number_of_the_slot,
        slower_the_later_it_stands,
        letters_in_the_order_of_sources,
    ],
    ids=lambda tell: tell.__name__,
)
def test_a_planted_tell_raises_the_alarm(
    tell: Callable[[np.random.Generator, int], Heard],
) -> None:
    finding = outcome(tell)
    assert finding.alarm
    assert finding.found.value > 0.6


def test_without_a_tell_the_interval_holds_chance() -> None:
    finding = outcome(plain)
    assert finding.found.low <= finding.chance <= finding.found.high


def test_what_never_varies_is_no_number_at_all() -> None:
    same = Heard("bundle", (("x", "1 2 3 4"),), b"", 0.01)
    seen = seen_of([Delivery("a", 4, 0, (same,)), Delivery("b", 4, 1, (same,))])
    assert [one.values.shape for one in seen] == [(4, 1), (4, 1)]
    assert not any(one.values.any() for one in seen)


def test_a_page_may_lack_what_another_has_empty() -> None:
    long = Heard("ahead", HTML, b"<p>", 0.01)
    short = Heard("ahead", HTML, b"", 0.02)
    seen = seen_of([Delivery("a", 4, 0, (long,)), Delivery("b", 4, 1, (short,))])
    assert len(seen) == 2
