"""Numbers and times in words."""

from datetime import UTC, datetime

import pytest

from app.web.words import count, how_long, size, when


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (90_061, "25 h 1 min"),
    ],
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert how_long(seconds) == words


@pytest.mark.parametrize(
    ("bytes_", "words"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (2**20, "1 MiB"), (2**31, "2.0 GiB")],
)
def test_sizes(bytes_: int, words: str) -> None:
    assert size(bytes_) == words


def test_counts_and_times() -> None:
    assert count(1, "film") == "1 film"
    assert count(1204, "film") == "1,204 films"
    assert count(0, "film lacks", "films lack") == "0 films lack"
    assert when(datetime(2026, 1, 5, 8, 3, tzinfo=UTC)) == "5 Jan 2026, 08:03 UTC"
    assert when(None) == "–"
