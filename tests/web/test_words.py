"""Numbers and times in words."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.studies.states import State, WrongState
from app.web.words import how_long, size, when
from app.words import speaking
from app.words.speaking import counted, decimal, percents, told


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English, and leaves it behind."""
    speaking.begin("en")
    yield
    speaking.begin("en")


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


def test_times() -> None:
    assert when(datetime(2026, 1, 5, 8, 3, tzinfo=UTC)) == "5 Jan 2026, 08:03 UTC"
    assert when(None) == "–"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1,204", "0.40", "90%", "12.5%"]),
        ("de", ["1.204", "0,40", "90\N{NBSP}%", "12,5\N{NBSP}%"]),
    ],
)
def test_numbers_as_the_language_writes_them(language: str, said: list[str]) -> None:
    speaking.begin(language)
    assert [counted(1204), decimal(0.4, 2), percents(0.9), percents(0.125, 1)] == said


def test_a_refusal_says_its_states_and_alternatives_in_the_language() -> None:
    refused = WrongState(
        "The study is {present}; for this it must be {wanted}.",
        present=State.LOCKED,
        wanted=(State.DRAFT, State.OPEN),
    )
    assert str(refused) == "The study is locked; for this it must be draft or open."
    speaking.begin("de")
    assert told(refused).endswith("geschlossen; hierfür muss er sein: Entwurf oder offen.")
