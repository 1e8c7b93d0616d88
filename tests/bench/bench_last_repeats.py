"""How likely is a hidden repeat among a reader's last ballots? Simulated readings; prints, no more.

Readers of different pace read one study by the real plan (`app.ballots.planning`), dealt as
`app.ballots.deal` deals: what is due first, then the next case that wants an answer. What is not
due when new cases run out comes alone, days later. docs/blindness.md keeps the figures.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from app.ballots.planning import Layable, Planned, plan
from app.studies.protocol import Design

STUDIES, LAST = 40, 20
# films, readers, answers a film; then what a reader comes to
STUDIES_OF = ((300, 1, 1), (300, 3, 3), (900, 3, 1), (600, 4, 2), (1000, 1, 1), (150, 1, 1))


@dataclass
class Reader:
    """A reader's plan, the films that wait to come again, and what was dealt (true: a repeat)."""

    order: list[Planned]
    place: int = 0
    due: list[int] = field(default_factory=list)
    dealt: list[bool] = field(default_factory=list)
    alone: int = 0

    def next(self, taken: dict[int, int], wanted: int, rng: np.random.Generator, wait: int) -> bool:
        """Deal and answer one ballot; say whether there was one."""
        now = len(self.dealt)
        if self.due and min(self.due) <= now:
            self.due.remove(min(self.due))
            self.dealt.append(True)
            return True
        while self.place < len(self.order):
            case = self.order[self.place]
            self.place += 1
            if taken[case.film_id] < wanted:
                taken[case.film_id] += 1
                self.dealt.append(False)
                if case.again is not None:
                    self.due.append(now + 1 + wait + int(rng.integers(wait // 2 + 1)))
                return True
        return False

    def come_back(self) -> None:
        """Days later: what waits comes alone."""
        new = max((place for place, again in enumerate(self.dealt) if not again), default=0)
        self.alone = len(self.due) + len(self.dealt) - 1 - new
        self.dealt += [True] * len(self.due)


def read(films: int, readers: int, wanted: int, *, planned: bool, study: int) -> list[Reader]:
    rng = np.random.default_rng(study)
    design = Design()
    cases = [Layable(film, (1, 2), ((1,), (2,)), rng.random()) for film in range(films)]
    reads = min(1.0, wanted / readers) if planned else 0.0
    people = [
        Reader(
            list(
                plan(
                    cases,
                    before=[],
                    physician_id=one,
                    seed=f"{study:064x}",
                    design=design,
                    blank={},
                    reads=reads,
                )
            )
        )
        for one in range(readers)
    ]
    taken = dict.fromkeys(range(films), 0)
    pace = rng.uniform(0.5, 1.5, readers)
    going = list(range(readers))
    while going:
        one = int(rng.choice(going, p=pace[going] / pace[going].sum()))
        if not people[one].next(taken, wanted, rng, design.repeat_after_ballots):
            going.remove(one)
    for person in people:
        person.come_back()
    return people


@pytest.mark.parametrize("planned", [False, True], ids=["as before", "planned"])
def test_the_last_ballots(planned: bool) -> None:
    print(
        "\n| films, readers, answers | ballots | repeats | alone | of the last 20 | densest fifth |"
    )
    for films, readers, wanted in STUDIES_OF:
        people = [
            person
            for study in range(STUDIES)
            for person in read(films, readers, wanted, planned=planned, study=study)
        ]
        share = np.mean([np.mean(one.dealt) for one in people])
        last = np.mean([np.mean(one.dealt[-LAST:]) for one in people])
        fifths = [[np.mean(part) for part in np.array_split(one.dealt, 5)] for one in people]
        print(
            f"| {films}, {readers}, {wanted} | {np.mean([len(one.dealt) for one in people]):.0f} "
            f"| {share:.1%} | {np.mean([one.alone for one in people]):.1f} "
            f"| {last:.1%} | {np.mean(fifths, axis=0).max():.1%} |"
        )
