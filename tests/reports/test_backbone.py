"""The random backbone in the report: a fair sample of films, by itself."""

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.ballots.design import in_backbone
from app.blobs.store import BlobStore
from app.reports.findings import findings
from app.reports.page import page_of
from app.reports.report import report
from app.studies.protocol import Design, FixedRule
from tests.statistics.making import luce_votes
from tests.support.factory import make_world
from tests.support.read_study import ASKED, fond_of_hand_drawn, read_to_the_end


def test_its_numbers_are_those_of_its_films_alone() -> None:
    votes = luce_votes([4, 2, 1, 1], [1, 1, 1, 1], number=400, seed=3, films=50)
    spine = np.arange(50) % 5 == 0
    found = findings(votes, spine=spine).backbone
    alone = findings(votes.where(spine[votes.film]))
    assert found is not None
    assert (found.answers, found.films) == (alone.answers, alone.films)
    assert (found.shares, found.strengths) == (alone.shares, alone.strengths)
    assert found.answers < len(votes)


def test_without_a_backbone_there_are_no_such_numbers() -> None:
    votes = luce_votes([1, 1], [1, 1], number=20, seed=1, films=5)
    assert findings(votes).backbone is None
    assert findings(votes, spine=np.zeros(5, np.bool_)).backbone is None


@pytest.mark.parametrize("priority", ["disagreement", "none"])
def test_it_is_told_where_other_films_come_by_priority(
    session: Session, blobs: BlobStore, priority: str
) -> None:
    design = Design.model_validate(
        {"backbone_share": 0.5, "priority": priority, "repeat_share": 0, "merge": False}
    )
    world = make_world(
        session, blobs, films=8, physicians=1, rule=FixedRule(n=1), design=design, questions=ASKED
    )
    read_to_the_end(session, world, fond_of_hand_drawn)
    told = report(session, blobs, world.study, clock=world.clock, asked=True)
    assert told.unblinded is not None
    found = told.unblinded.findings.backbone
    captions = [table.caption for part in page_of(told, []).sections for table in part.tables]
    if priority == "none":
        assert found is None
        assert not any("backbone" in caption for caption in captions)
        return
    spine = {
        film.id for film in world.films if in_backbone(film.id, seed=world.study.seed, share=0.5)
    }
    assert found is not None
    assert found.films == found.answers == len(spine)
    assert any("backbone" in caption for caption in captions)
