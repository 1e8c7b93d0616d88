"""Counting what is missing gives what listing it gives."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.proposals.missing import Tally, missing, tally, tally_for_a_page
from app.proposals.origins import CandidateOrigin
from app.studies.tables import Study
from tests.support.factory import add_film, make_world, open_world


def agrees(session: Session, study: Study) -> bool:
    """Say whether the count of lacking films is the length of their list."""
    return tally(session, study).lacking == len(missing(session, study))


def test_an_empty_study(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=0, is_open=False)
    assert tally(session, world.study) == Tally(0, 0, 0, 0)


def test_films_before_and_after_their_proposals(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=4, is_open=False)
    assert tally(session, world.study) == Tally(4, 0, 4, 0)
    assert agrees(session, world.study)
    open_world(session, blobs, world)
    assert tally(session, world.study) == Tally(4, 4, 0, 0)
    assert agrees(session, world.study)


def test_what_a_page_remembers_is_what_is_there(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=2, is_open=False)

    def agreed() -> Tally:
        counted = tally(session, world.study)
        assert tally_for_a_page(session, world.study) == counted
        return counted

    assert agreed() == Tally(2, 0, 2, 0)
    add_film(session, blobs, world.study, number=50)
    assert agreed() == Tally(3, 0, 3, 0)
    open_world(session, blobs, world)
    assert agreed() == Tally(3, 3, 0, 0)
    add_film(session, blobs, world.study, number=51, hand_drawn=False)
    assert agreed() == Tally(4, 3, 1, 1)


def test_a_film_that_lost_one_candidate_lacks_it(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=3)
    session.execute(
        delete(CandidateOrigin).where(
            CandidateOrigin.film_id == world.films[0].id, CandidateOrigin.source == "network:west"
        )
    )
    assert tally(session, world.study) == Tally(3, 2, 1, 0)
    assert agrees(session, world.study)


def test_a_film_without_hand_drawn_mask_is_never_complete_in_stage_one(
    session: Session, blobs: BlobStore
) -> None:
    world = make_world(session, blobs, films=2, is_open=False)
    add_film(session, blobs, world.study, number=9, hand_drawn=False)
    open_world(session, blobs, world)
    assert tally(session, world.study) == Tally(3, 2, 0, 1)
    assert agrees(session, world.study)


def test_candidates_of_networks_that_are_not_chosen_do_not_count(
    session: Session, blobs: BlobStore
) -> None:
    world = make_world(session, blobs, films=2)
    world.study.networks = ["north"]
    assert tally(session, world.study) == Tally(2, 2, 0, 0)
    world.study.networks = ["north", "east"]
    assert tally(session, world.study) == Tally(2, 0, 2, 0)
    assert agrees(session, world.study)


def test_another_studys_films_do_not_count(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=2)
    make_world(session, blobs, name="beta", films=3, seed="be7a" * 16)
    assert tally(session, world.study).films == 2
