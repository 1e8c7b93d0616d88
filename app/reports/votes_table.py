"""One row a vote, for iMRMC and R's irrCAC (docs/reports.md says how they read it)."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from app.reports.gather import Gathered
from app.reports.report import categories_of
from app.statistics.votes import DONT_KNOW, Ints, Votes

COLUMNS = (
    *("readerID", "caseID", "modalityID", "score", "truth", "answer", "patientID", "voteID"),
    *("repeat", "kind", "slots", "chosen_slots", "worst", "guess", "guess_right"),
    *("sure", "drew", "sitting", "seconds"),
)
VOTE_ID = COLUMNS.index("voteID")
LETTERS = "ABCDEFGHIJ"
NO_INFECTION, UNREADABLE = 2, 3


def rows(found: Gathered) -> list[tuple[object, ...]]:
    """Return `COLUMNS` of each vote, sentinels' too, in the order in which they were given."""
    every = [*_rows(found, found.votes, found.vote_ids)]
    every += _rows(found, found.sentinels, found.sentinel_ids, sentinel=True)
    return sorted(every, key=lambda row: row[VOTE_ID])


def _rows(
    found: Gathered, votes: Votes, vote_ids: Ints, *, sentinel: bool = False
) -> Iterator[tuple[Any, ...]]:
    names = categories_of(votes)
    by_hand = {place for place, name in enumerate(names) if "manual" in name.split(" = ")}
    for row in range(len(votes)):
        film = found.films[votes.film[row]]
        slots = votes.slots[row].tolist()
        chosen = [place for place, taken in enumerate(votes.chosen[row].tolist()) if taken]
        word = int(votes.word[row])
        answer = [names[slots[place]] for place in chosen] or [names[len(votes.members) + word - 1]]
        yield (
            f"reader{votes.reader[row] + 1}",
            f"film{film.id}",
            "native" if votes.native[row] else "normalised",
            "" if word == UNREADABLE else int(word != NO_INFECTION),
            "" if film.infected is None else int(film.infected),
            " + ".join(sorted(answer)),
            film.patient,
            int(vote_ids[row]),
            max(int(votes.repeat[row]), 0),
            "sentinel" if sentinel else "blank" if votes.blank[row] else "choice",
            " ".join(names[place] if place >= 0 else "-" for place in slots).strip(),
            "".join(LETTERS[place] for place in chosen),
            _letter(int(votes.worst[row])),
            *_guess(votes, row, by_hand),
            {1: 1, 0: 0}.get(int(votes.sure[row]), ""),
            int(votes.drew[row]),
            int(votes.sitting[row]) if votes.sitting[row] > 0 else "",
            f"{votes.seconds[row]:.1f}" if votes.seconds[row] >= 0 else "",
        )


def _letter(position: int) -> str:
    return LETTERS[position] if position >= 0 else ""


def _guess(votes: Votes, row: int, by_hand: set[int]) -> tuple[object, object]:
    guess = int(votes.guess[row])
    if guess < DONT_KNOW:
        return "", ""
    if guess == DONT_KNOW:
        return "unknown", ""
    return LETTERS[guess], int(int(votes.slots[row, guess]) in by_hand) if by_hand else ""


def as_csv(found: Gathered) -> str:
    """Return the whole table."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(found))
    return file.getvalue()
