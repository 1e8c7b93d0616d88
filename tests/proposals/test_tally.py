"""Counting what is missing gives what listing it gives."""

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.db import migrate
from app.db.engine import session_factory
from app.proposals.missing import Tally, missing, tally
from app.proposals.origins import CandidateOrigin
from app.proposals.planting import uproot
from app.proposals.standings import tally_of_standings
from app.studies.tables import Study
from tests.support.factory import NETWORKS, add_film, make_world, open_world, propose_all
from tests.support.sentinels import world_with_sentinels


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


def agreed(session: Session, study: Study) -> Tally:
    """Count what is there, and require that what was counted as it came is the same."""
    counted = tally(session, study)
    assert tally_of_standings(session, study) == counted
    return counted


def test_what_was_counted_as_it_came_is_what_is_there(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=2, is_open=False)
    study = world.study
    assert agreed(session, study) == Tally(2, 0, 2, 0)
    add_film(session, blobs, study, number=50)
    assert agreed(session, study) == Tally(3, 0, 3, 0)
    open_world(session, blobs, world)
    assert agreed(session, study) == Tally(3, 3, 0, 0)
    drawn = add_film(session, blobs, study, number=51).manual_mask_sha
    late = add_film(session, blobs, study, number=52, hand_drawn=False)
    assert agreed(session, study) == Tally(5, 3, 2, 1)
    propose_all(session, blobs, world)
    assert agreed(session, study) == Tally(5, 4, 0, 1)
    late.manual_mask_sha = drawn
    session.flush()
    assert agreed(session, study) == Tally(5, 4, 1, 0)


@pytest.mark.parametrize("networks", [[], ["north"], [*NETWORKS, "east"], ["east"]])
def test_with_other_networks_a_draft_is_counted_anew(
    session: Session, blobs: BlobStore, networks: list[str]
) -> None:
    world = make_world(session, blobs, films=3, is_open=False)
    add_film(session, blobs, world.study, number=9, hand_drawn=False)
    propose_all(session, blobs, world)
    world.study.networks = networks
    uproot(session, world.study)
    agreed(session, world.study)


def test_sentinels_are_counted_as_they_are_made_and_taken_away(
    session: Session, blobs: BlobStore
) -> None:
    world = world_with_sentinels(session, blobs)
    assert agreed(session, world.study).sentinels > 0
    uproot(session, world.study)
    assert agreed(session, world.study).sentinels == 0


def test_a_study_from_before_is_counted_when_it_is_upgraded(
    engine: Engine, database_url: str, session: Session, blobs: BlobStore
) -> None:
    world = world_with_sentinels(session, blobs)
    add_film(session, blobs, world.study, number=50)
    before = agreed(session, world.study)
    key = world.study.id
    session.commit()
    session.close()
    engine.dispose()
    migrate.downgrade(database_url, "0012")
    migrate.upgrade(database_url)
    with session_factory(engine)() as after:
        assert agreed(after, after.get_one(Study, key)) == before


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
