"""Sentinels in the report: scored by themselves, and in no other number."""

import csv
import io
from dataclasses import replace

import numpy as np
from sqlalchemy.orm import Session

from app.ballots.coming import SENTINEL
from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.proposals.origins import MANUAL
from app.proposals.origins import SENTINEL as KIND
from app.reports.findings import findings
from app.reports.gather import TRUTH, gather
from app.reports.page import page_of
from app.reports.report import report
from app.reports.votes_table import as_csv
from app.studies.protocol import FixedRule
from app.votes.answers import Answer, AnswerKind
from tests.support.factory import World
from tests.support.read_study import Choose, read_to_the_end, sources_of
from tests.support.sentinels import world_with_sentinels


def knows(rng: np.random.Generator, sources: list[str]) -> dict[str, object]:
    """Chooses the good mask of a sentinel; of other masks, the hand-drawn one."""
    best = next(n for n, name in enumerate(sources) if name in (f"{KIND}:good", MANUAL))
    return {"answer": Answer(kind=AnswerKind.SLOT, slots=("ABCD"[best],))}


def errs(rng: np.random.Generator, sources: list[str]) -> dict[str, object]:
    """Chooses a spoilt mask wherever there is one."""
    worst = [n for n, name in enumerate(sources) if name not in (f"{KIND}:good", MANUAL)]
    return {"answer": Answer(kind=AnswerKind.SLOT, slots=("ABCD"[worst[0]],))}


def read(session: Session, blobs: BlobStore, choose: Choose = knows) -> World:
    world = world_with_sentinels(session, blobs, films=16, readers=2, rule=FixedRule(n=2))
    read_to_the_end(session, world, choose)
    return world


def test_who_knows_is_right_on_all(session: Session, blobs: BlobStore) -> None:
    world = read(session, blobs)
    told = report(session, blobs, world.study, clock=world.clock, asked=True).unblinded
    assert told is not None
    everybody, *each = told.sentinels
    assert everybody.met == everybody.right == sum(one.right for one in each) > 4
    assert [one.reader for one in each] == [0, 1]
    assert everybody.chance == 0.25


def test_who_chooses_spoilt_masks_is_never_right(session: Session, blobs: BlobStore) -> None:
    world = read(session, blobs, errs)
    told = report(session, blobs, world.study, clock=world.clock, asked=True).unblinded
    assert told is not None
    assert told.sentinels[0].right == 0
    assert told.sentinels[0].spoilt == told.sentinels[0].met > 0


def test_no_other_number_counts_them(session: Session, blobs: BlobStore) -> None:
    world = read(session, blobs)
    found = gather(session, world.study)
    ballots = session.query(Ballot).all()
    ordinary = [ballot for ballot in ballots if ballot.repeat_no != SENTINEL]
    assert (len(found.votes), len(found.sentinels)) == (
        len(ordinary),
        len(ballots) - len(ordinary),
    )
    assert found.sentinels.sources == TRUTH
    assert not any(KIND in name for name in found.votes.sources)
    for ballot in ordinary:
        assert not any(KIND in name for name in sources_of(session, ballot))
    numbers = findings(found.votes)
    assert numbers.answers == len(ordinary)
    assert {one.name for one in numbers.shares} >= {MANUAL}
    assert not any(KIND in one.name for one in numbers.shares)
    told = report(session, blobs, world.study, clock=world.clock, asked=True)
    assert told.unblinded is not None
    assert not any(KIND in one.source for one in told.unblinded.fidelity)
    assert sum(one.sentinels for one in told.progress.readers) == len(found.sentinels)
    assert sum(one.answered for one in told.progress.readers) == len(ordinary)


def test_the_table_of_votes_tells_them_apart(session: Session, blobs: BlobStore) -> None:
    world = read(session, blobs)
    found = gather(session, world.study)
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    marked = [row for row in rows if row["kind"] == "sentinel"]
    assert len(marked) == len(found.sentinels)
    assert {row["answer"] for row in marked} == {"good"}
    assert {tuple(sorted(row["slots"].split())) for row in marked} == {
        ("good", "spoilt", "spoilt", "spoilt")
    }
    numbers = [int(row["voteID"]) for row in rows]
    assert numbers == sorted(numbers)


def test_the_page_tells_each_readers_score_once_it_is_unblinded(
    session: Session, blobs: BlobStore
) -> None:
    world = read(session, blobs)
    blind = report(session, blobs, world.study, clock=world.clock)
    assert not page_of(blind, []).sections
    told = report(session, blobs, world.study, clock=world.clock, asked=True)
    assert told.unblinded is not None
    section = next(one for one in page_of(told, []).sections if "Sentinels" in one.title)
    assert [row[0] for row in section.tables[0].rows] == [
        "All readers",
        *(f"{n}. {name}" for n, name in enumerate(told.unblinded.readers, 1)),
    ]
    assert "The good mask was chosen on" in section.lead
    without = replace(told, unblinded=replace(told.unblinded, sentinels=[]))
    assert not [one for one in page_of(without, []).sections if "Sentinels" in one.title]
