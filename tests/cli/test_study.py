"""A study from the command line: founded, filled, opened, settled, exported."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.commands import Commands
from tests.support.tiny_networks import add_network


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tiny networks."""
    for name in ("north", "south"):
        add_network(tmp_path / "models", name)
    monkeypatch.setenv("MASKBALLOT_MODELS", str(tmp_path / "models"))


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder of three films with hand-drawn masks."""
    rng = np.random.default_rng(1)
    for kind in ("films", "infection"):
        (tmp_path / "batch" / kind).mkdir(parents=True)
    for number in range(3):
        film = rng.integers(0, 256, (24, 20), dtype=np.uint8)
        Image.fromarray(film).save(tmp_path / f"batch/films/{number}.png")
        Image.fromarray(film > 128).save(tmp_path / f"batch/infection/{number}.png")
    return tmp_path / "batch"


@pytest.fixture
def founded(maskballot: Commands) -> Commands:
    """An admin, a physician and a draft of theirs."""
    maskballot("user", "add", "anna", "--role", "admin")
    maskballot("user", "add", "berta", "--role", "physician")
    said = maskballot("study", "create", "Pilot", "--admin", "anna", "--physicians", "berta")
    assert said.code == 0
    return maskballot


def test_a_study_goes_from_films_to_settlement(
    founded: Commands, films: Path, tmp_path: Path
) -> None:
    assert "No film has been imported." in founded("study", "show", "Pilot").out
    for said in (
        founded("ingest", str(films), "--study", "Pilot"),
        founded("propose", "--study", "Pilot"),
        founded("study", "open", "Pilot"),
    ):
        assert said.code == 0, said.err
    shown = founded("study", "show", "Pilot").out
    assert "films: 3, with all candidates 3" in shown
    assert "answers: 0 of 3 wanted, 3 cases" in shown
    asked = founded("settle", "--study", "Pilot", "--lock")
    assert asked.code != 0
    assert "3 answers are missing" in asked.out
    assert "open" in founded("study", "show", "Pilot").out
    assert "3 incomplete" in founded("settle", "--study", "Pilot", "--lock", "--yes").out
    said = founded("export", str(tmp_path / "out"), "--study", "Pilot")
    assert "0 films; left out: 3 incomplete" in said.out
    assert (tmp_path / "out" / "manifest.json").exists()
    assert founded("export", str(tmp_path / "out"), "--study", "Pilot").out == said.out


def test_a_study_is_named_by_its_key_too(founded: Commands) -> None:
    key = founded("study", "list").out
    assert "Pilot" in key
    assert "pilot-" in founded("study", "show", "Pilot").out


def test_opening_too_early_says_what_is_missing(founded: Commands) -> None:
    said = founded("study", "open", "Pilot")
    assert said.code == 2
    assert "No film has been imported." in said.err


def test_a_locked_study_can_be_opened_again(founded: Commands, films: Path) -> None:
    founded("ingest", str(films), "--study", "Pilot")
    founded("propose", "--study", "Pilot")
    for act, state in (("open", "open"), ("lock", "locked"), ("reopen", "open")):
        assert founded("study", act, "Pilot").code == 0
        assert f"stage 1, {state}" in founded("study", "show", "Pilot").out
    assert founded("study", "reopen", "Pilot").code == 2


def test_an_admin_who_joins_runs_the_study_and_does_not_vote(founded: Commands) -> None:
    founded("user", "add", "clara", "--role", "admin")
    assert "clara is admin of Pilot" in founded("study", "join", "Pilot", "clara").out
    assert "clara" not in founded("study", "show", "Pilot").out


@pytest.mark.parametrize("rule", ["fixed:0", "fixed:16", "fixed", "most", "lead:3"])
def test_an_unknown_rule_is_refused(founded: Commands, rule: str) -> None:
    said = founded("study", "create", "Other", "--admin", "anna", "--rule", rule)
    assert said.code == 2
    assert "two-plus-one" in said.err


def test_an_unknown_study_is_named(founded: Commands) -> None:
    for arguments in (
        ("study", "show", "x"),
        ("propose", "--study", "x"),
        ("settle", "--study", "x"),
    ):
        said = founded(*arguments)
        assert said.code == 2
        assert "There is no study called x." in said.err


def test_settings_are_agreed_on_the_command_line(founded: Commands) -> None:
    made = founded(
        *("study", "create", "Second", "--admin", "anna", "--rule", "sequential"),
        *("--set", "design.repeat_share=0.25", "--set", "questions.guess_share=0.5"),
        *("--set", "rule.at_most=7", "--set", "lease_minutes=45"),
    )
    assert made.code == 0, made.err
    shown = founded("study", "show", "Second").out
    assert "25% of a physician's cases come again" in shown
    assert "on 50% of the ballots" in shown
    assert "at most 7 answers a case" in shown
    assert "45 minutes" in shown


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("design.repeat_share=2", "less than or equal to 1"),
        ("design.nonsense=1", "design.nonsense"),
        ("version=1", "no setting 'version'"),
        ("sigma=1", "no setting 'sigma'"),
    ],
)
def test_a_setting_that_is_none_is_refused(founded: Commands, setting: str, why: str) -> None:
    said = founded("study", "create", "Second", "--admin", "anna", "--set", setting)
    assert said.code != 0
    assert why in " ".join((said.err + said.out).replace("│", " ").split())
