"""``maskballot simulate``: how many readers and ballots a study needs, before anybody reads."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from app.simulation.readers import Habits
from app.simulation.rules import RuleScore, compared, majority_right
from app.simulation.sizing import Size, films_for
from app.simulation.telltale import Rings, rings, smallest_tell
from app.studies.protocol import FixedRule, LeadRule, Rule, SequentialRule, TwoPlusOneRule

RULES: dict[str, Rule] = {
    "1 answer": FixedRule(n=1),
    "3 answers": FixedRule(n=3),
    "5 answers": FixedRule(n=5),
    "2 + 1": TwoPlusOneRule(),
    "lead of 2, at most 5": LeadRule(lead=2, at_most=5),
    "sequential 0.9, at most 5": SequentialRule(posterior=0.9, at_most=5),
    "lead of 2, at most 7": LeadRule(lead=2, at_most=7),
}
TELLS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
SIZES = (2, 3, 5, 8, 12)


def simulate(
    masks: Annotated[int, typer.Option(min=2, max=10, help="Masks on a ballot.")] = 4,
    readers: Annotated[int, typer.Option(min=1, max=200, help="Readers, for the rules.")] = 12,
    answers: Annotated[int, typer.Option(min=1, max=15, help="Answers a film, for the size.")] = 3,
    width: Annotated[
        float, typer.Option(min=0.005, max=1, help="Wanted width of the 95 % interval.")
    ] = 0.1,
    skill: Annotated[
        float, typer.Option(min=0, max=1, help="How often a reader sees the best mask.")
    ] = 0.7,
    skill_spread: Annotated[
        float, typer.Option(min=0, max=1, help="Skills lie evenly within ± this.")
    ] = 0.1,
    slot_bias: Annotated[
        float, typer.Option(min=0, max=1, help="How often slot A is taken unseen.")
    ] = 0.0,
    home_bias: Annotated[
        float, typer.Option(min=0, max=1, help="How often the hand-drawn mask is, for its style.")
    ] = 0.0,
    home_spread: Annotated[
        float, typer.Option(min=0, max=1, help="Home biases lie evenly within ± this.")
    ] = 0.05,
    hard: Annotated[
        float, typer.Option(min=0, max=1, help="Share of films on which all readers only guess.")
    ] = 0.0,
    studies: Annotated[int, typer.Option(min=50, max=20_000, help="Studies simulated.")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same numbers.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """Simulate readers of stated skill and bias: rules compared, the size of a study, the alarm.

    The numbers are of paper readers: they show what a design can find, not what physicians do.
    """
    habits = Habits(
        masks=masks,
        skill=skill,
        skill_spread=skill_spread,
        slot_bias=slot_bias,
        home_bias=home_bias,
        home_spread=home_spread,
        hard=hard,
    )
    found = _found(habits, readers, answers, width, studies, seed)
    if as_json:
        typer.echo(json.dumps(found.said(), indent=1))
    else:
        _print(found)


@dataclass(frozen=True)
class Found:
    """All that was simulated."""

    habits: Habits
    readers: int
    answers: int
    width: float
    seed: int
    rules: list[RuleScore]
    sizes: list[Size]
    alarm: list[Rings]
    weakest_tell: float

    def said(self) -> dict[str, Any]:
        """Return it for JSON."""
        right = {str(n): majority_right(n, self.habits.skill) for n in (1, 3, 5, 7)}
        return asdict(self) | {"majority_right": right}


def _found(
    habits: Habits, readers: int, answers: int, width: float, studies: int, seed: int
) -> Found:
    return Found(
        habits=habits,
        readers=readers,
        answers=answers,
        width=width,
        seed=seed,
        rules=compared(RULES, habits, readers=readers, seed=seed),
        sizes=[
            films_for(width, habits, readers=size, each=answers, seed=seed, studies=studies)
            for size in SIZES
        ],
        alarm=[rings(tell, masks=habits.masks, seed=seed, studies=5 * studies) for tell in TELLS],
        weakest_tell=smallest_tell(masks=habits.masks, seed=seed),
    )


def _print(found: Found) -> None:
    console = Console()
    console.print(_rules(found.rules, found.habits, found.readers))
    console.print(_majorities(found.habits.skill), "", sep="\n")
    console.print(_sizes(found.sizes, found.width, found.answers), "", sep="\n")
    weakest = f"Weakest tell heard in 95 %: {100 * found.weakest_tell:.0f} %."
    console.print(_alarms(found.alarm), weakest, sep="\n")


def _rules(rules: list[RuleScore], habits: Habits, readers: int) -> Table:
    table = Table(
        title=f"Rules compared: {habits.masks} masks, {readers} readers", title_justify="left"
    )
    table.add_column("rule")
    for heading in ("right", "wrong", "no winner", "answers a film", "as right as fixed"):
        table.add_column(heading, justify="right")
    for one in rules:
        fixed = f"{one.fixed:.1f} answers" if one.fixed is not None else "none to 15"
        shares = (f"{100 * share:.1f} %" for share in (one.right, one.wrong, one.undecided))
        table.add_row(one.name, *shares, f"{one.answers:.2f}", fixed)
    return table


def _majorities(skill: float) -> str:
    found = ", ".join(f"{n}: {majority_right(n, skill):.3f}" for n in (3, 5, 7))
    return f"Of two masks, the majority of like readers would be right with {found}."


def _sizes(sizes: list[Size], width: float, answers: int) -> Table:
    title = (
        f"For a 95 % interval {width:g} wide on the hand-drawn mask's share of votes, "
        f"{answers} answers a film"
    )
    table = Table(title=title, title_justify="left")
    for heading in ("readers", "films", "ballots", "ballots a reader", "width"):
        table.add_column(heading, justify="right")
    for one in sizes:
        numbers = [f"{n:,}" if n is not None else "–" for n in (one.films, one.ballots, one.each)]
        wide = f"{one.width:.3f}" if one.films else f"{one.width:.3f}, with any films"
        table.add_row(str(one.readers), *numbers, wide)
    return table


def _alarms(alarms: list[Rings]) -> Table:
    title = f"The blinding alarm, within {alarms[0].guesses} guesses"
    table = Table(title=title, title_justify="left")
    for heading in ("tell seen", "guesses right", "studies that ring", "at guess (median)"):
        table.add_column(heading, justify="right")
    for one in alarms:
        at = f"{one.median_at:.0f}" if one.median_at is not None else "–"
        shares = (f"{100 * share:.1f} %" for share in (one.tell, one.right, one.rings))
        table.add_row(*shares, at)
    return table
