"""``maskballot simulate``: tables for people, JSON for programs, the same for the same seed."""

import json

import pytest

from tests.support.commands import Commands

FEW = ("simulate", "--studies", "60", "--width", "0.3")


def test_majorities_stand_among_the_numbers(maskballot: Commands) -> None:
    said = json.loads(maskballot(*FEW, "--json").out)
    assert said["majority_right"]["3"] == pytest.approx(0.784)
    assert said["majority_right"]["7"] == pytest.approx(0.873964)
    assert [one["readers"] for one in said["sizes"]] == [2, 3, 5, 8, 12]
    assert all(one["width"] <= 0.3 for one in said["sizes"])


def test_the_same_seed_says_the_same_and_another_something_else(maskballot: Commands) -> None:
    one, same, other = (maskballot(*FEW, "--json", "--seed", seed).out for seed in "778")
    assert one == same != other


def test_tables_name_the_rules_and_the_alarm(maskballot: Commands) -> None:
    said = maskballot(*FEW).out
    assert "lead of 2" in said
    assert "The blinding alarm" in said
    assert "0.784" in said
