"""Columns of votes are what the database holds, with sources in the slots."""

import csv
import io

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.proposals.origins import MANUAL, CandidateOrigin
from app.reports import findings as pure
from app.reports.drawn import first_drawn
from app.reports.findings import findings
from app.reports.gather import gather
from app.reports.votes_table import COLUMNS, as_csv
from app.studies.protocol import Design, FixedRule
from app.votes.answers import Answer, AnswerKind
from app.votes.tables import Vote
from tests.settlement.test_settling import vote
from tests.support.answers import choose, later
from tests.support.factory import make_world
from tests.support.read_study import (
    ASKED,
    fond_of_hand_drawn,
    read_to_the_end,
    read_world,
    sources_of,
)


def test_every_answered_ballot_has_one_row_and_its_slots_hold_sources(
    session: Session, blobs: BlobStore
) -> None:
    world = read_world(session, blobs)
    found = gather(session, world.study)
    votes = found.votes
    assert len(votes) == session.scalar(select(func.count()).select_from(Ballot))
    assert set(votes.sources) == {MANUAL, "network:north", "network:south", "network:west"}
    for row, vote_id in enumerate(found.vote_ids.tolist()):
        stored = session.get_one(Vote, vote_id)
        ballot = session.get_one(Ballot, stored.ballot_id)
        assert [votes.sources[s] for s in votes.slots[row]] == sources_of(session, ballot)
        assert np.flatnonzero(votes.chosen[row]).tolist() == stored.positions
        assert found.films[votes.film[row]].id == ballot.film_id
        assert votes.guess[row] == stored.guess_position
        assert votes.native[row] == ballot.native


def test_the_newest_answer_of_a_ballot_counts_and_later_does_not(
    session: Session, blobs: BlobStore
) -> None:
    world = make_world(session, blobs, films=2, physicians=1, rule=FixedRule(n=1))
    first = vote(session, world, 0, choose("A"))
    answer(session, ballot=first, sent=choose("C"), clock=world.clock)
    vote(session, world, 0, later())
    votes = gather(session, world.study).votes
    assert votes.chosen.tolist() == [[False, False, True, False]]


def test_a_study_without_answers_has_no_rows(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1)
    found = findings(gather(session, world.study).votes)
    assert (found.answers, found.between, found.strengths) == (0, None, None)


def test_one_studys_votes_are_not_anothers(session: Session, blobs: BlobStore) -> None:
    one = read_world(session, blobs, films=3)
    other = make_world(session, blobs, name="beta", films=2, seed="be7a" * 16)
    assert len(gather(session, one.study).votes) > 0
    assert len(gather(session, other.study).votes) == 0


def test_the_hand_drawn_source_is_called_as_proposals_call_it() -> None:
    assert pure.MANUAL == MANUAL


def test_the_table_has_one_row_a_vote_with_its_source(session: Session, blobs: BlobStore) -> None:
    world = read_world(session, blobs, films=4)
    found = gather(session, world.study)
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(found.votes)
    origin = select(CandidateOrigin.source, CandidateOrigin.film_id)
    known = {f"film{film_id}" for _, film_id in session.execute(origin)}
    for row, place in zip(rows, found.votes.chosen, strict=True):
        assert row["caseID"] in known
        slots = row["slots"].split(" ")
        if place.any():
            assert row["answer"] == slots["ABCD".index(row["chosen_slots"])]
            assert row["score"] == "1"
        assert row["truth"] in "01"
        assert row["modalityID"] in ("native", "normalised")
        right = slots["ABCD".index(row["guess"])] == MANUAL
        assert row["guess_right"] == str(int(right))


def test_no_name_of_a_reader_stands_in_the_table(session: Session, blobs: BlobStore) -> None:
    world = read_world(session, blobs, films=2)
    table = as_csv(gather(session, world.study))
    assert all(reader.full_name not in table for reader in world.physicians)
    assert "reader1," in table


@pytest.mark.parametrize("answers", [1, 3])
def test_findings_of_few_votes_are_told_without_a_warning(
    session: Session, blobs: BlobStore, answers: int
) -> None:
    world = make_world(session, blobs, films=answers, physicians=1, rule=FixedRule(n=1))
    for _ in range(answers):
        vote(session, world, 0, choose("B"))
    found = findings(gather(session, world.study).votes)
    assert found.answers == answers
    assert sum(share.votes for share in found.shares) == answers


def test_near_twins_that_were_merged_share_the_credit(session: Session, blobs: BlobStore) -> None:
    alike = Design(repeat_share=0, merge_dice=0.8, merge_hd95=20)
    one_reader = FixedRule(n=1)
    world = make_world(session, blobs, films=8, physicians=1, design=alike, rule=one_reader)

    def take_first(rng: np.random.Generator, sources: list[str]) -> dict[str, object]:
        return {"answer": Answer(kind=AnswerKind.SLOT, slots=("A",))}

    read_to_the_end(session, world, take_first)
    votes = gather(session, world.study).votes
    merged = (votes.slots >= 0).sum(axis=1) < 4
    assert merged.any()
    for row in np.flatnonzero(merged):
        shown = [votes.members[place] for place in votes.slots[row] if place >= 0]
        assert np.sum(shown, axis=0).tolist() == [1, 1, 1, 1]
    assert votes.credits.sum() > len(votes)
    found = findings(votes)
    assert found.strengths is not None
    assert sum(one.value for one in found.strengths.sources) == pytest.approx(1)


def test_hidden_repeats_are_told_apart_and_compared(session: Session, blobs: BlobStore) -> None:
    world = read_world(session, blobs)
    found = findings(gather(session, world.study).votes)
    assert found.answers == 36
    assert found.repeats > 0
    assert found.within is not None
    assert found.within.repeats == found.repeats
    assert {one.native for one in found.shown} == {True, False}
    assert found.guesses.made == found.answers + found.repeats


def test_drawings_made_before_any_proposal_was_seen_are_compared_with_what_was_proposed(
    session: Session, blobs: BlobStore
) -> None:
    first = Design(
        draw_first_share=1, repeat_share=0, repeat_after_days=0, repeat_after_ballots=1, merge=False
    )
    world = make_world(session, blobs, films=4, rule=FixedRule(n=2), design=first, questions=ASKED)
    read_to_the_end(session, world, fond_of_hand_drawn)
    found = gather(session, world.study)
    told = first_drawn(session, blobs, found, seed=1)
    assert told is not None
    assert told.drawings == told.of == int(found.votes.blank.sum()) > 0
    assert len(told.dice) == 4
    assert all(0 < one.value < 1 for one in told.dice)
    assert 0 <= told.nearest <= told.later <= told.drawings
    # What was drawn blank is no answer to a choice.
    assert findings(found.votes).answers == int((~found.votes.blank).sum())
