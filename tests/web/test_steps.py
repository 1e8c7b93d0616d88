"""The checklist of a study: exactly what can be done next is asked for."""

from dataclasses import replace

import pytest

from app.conduct.opening import Readiness
from app.conduct.watching import Answers
from app.studies.states import State
from app.web.pages.admin.study_steps import NOW, Standing, steps

READY = Readiness(
    films=5,
    cases=5,
    to_propose=0,
    without_hand_drawn=0,
    physicians=3,
    readers_needed=3,
    sources=4,
)
NONE = Answers()
HALF = Answers(cases=5, wanted=10, have=4)
ALL = Answers(cases=5, wanted=10, have=10)
EMPTY = replace(READY, films=0, cases=0)
UNPROPOSED = replace(READY, cases=0, to_propose=5)


@pytest.mark.parametrize(
    ("state", "ready", "answers", "exports", "expected"),
    [
        (State.DRAFT, EMPTY, NONE, 0, ["Import films"]),
        (State.DRAFT, UNPROPOSED, NONE, 0, ["Propose"]),
        (State.DRAFT, READY, NONE, 0, ["Open"]),
        (State.DRAFT, replace(READY, physicians=1), NONE, 0, []),
        (State.OPEN, READY, HALF, 0, ["Read"]),
        (State.OPEN, replace(READY, films=6, cases=6), HALF, 0, ["Open", "Read"]),
        (State.OPEN, READY, ALL, 0, ["Lock"]),
        (State.LOCKED, READY, ALL, 0, ["Settle"]),
        (State.SETTLED, READY, ALL, 0, ["Export"]),
        (State.SETTLED, READY, ALL, 1, []),
    ],
)
def test_what_comes_next(
    state: State, ready: Readiness, answers: Answers, exports: int, expected: list[str]
) -> None:
    listed = steps(Standing("/study", state, ready, answers, exports))
    assert [step.title for step in listed if step.mark == NOW] == expected


def test_what_stands_in_the_way_of_opening_is_said() -> None:
    lacking = replace(READY, physicians=1)
    opening = steps(Standing("/study", State.DRAFT, lacking, NONE, 0))[2]
    assert opening.words == "The rule may need 3 physicians a case; the study has 1."
    assert [act.address for act in opening.acts] == ["/study/members"]


def test_films_left_out_are_counted() -> None:
    ready = replace(READY, films=85, cases=80, without_hand_drawn=5)
    words = steps(Standing("/study", State.DRAFT, ready, NONE, 0))[1].words
    assert words == "80 films have all 4 candidates. 5 have no hand-drawn mask and are left out."
