"""A recipe is checked when it is read, and a fault is named."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

import app.training
from app.training.config import (
    Architecture,
    ConfigRefused,
    Encoder,
    Kind,
    TrainingConfig,
    read_config,
)
from tests.support.commands import REPOSITORY

RECIPES = sorted((Path(app.training.__file__).parent / "configs").glob("*.toml"))
GOOD = """
name = "tiny"
title = "Tiny"
[architecture]
kind = "unet"
[[phase]]
grid = [64, 64]
epochs = 1
rate = 1e-3
"""


def settings(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield each key a recipe can have, with its default as TOML writes it, or "needed"."""
    for name, field in model.model_fields.items():
        arguments = [field.annotation, *get_args(field.annotation)]
        parts = [a for a in arguments if isinstance(a, type) and issubclass(a, BaseModel)]
        if parts:
            yield from settings(parts[0], f"{above}{name}.")
        elif field.is_required():
            yield f"{above}{name}", "needed"
        else:
            default = field.get_default()
            yield f"{above}{name}", "none" if default is None else f"`{json.dumps(default)}`"


def test_the_documents_list_each_key_of_a_recipe_with_its_default() -> None:
    text = (REPOSITORY / "docs" / "networks.md").read_text(encoding="utf-8")
    table = text.partition("## A configuration")[2]
    listed = re.findall(r"^\| `([a-z_.]+)` \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)
    assert sorted(listed) == sorted(settings(TrainingConfig))


@pytest.mark.parametrize("name", [*get_args(Encoder), *get_args(Kind)])
def test_the_documents_name_each_encoder_and_each_kind(name: str) -> None:
    text = (REPOSITORY / "docs" / "networks.md").read_text(encoding="utf-8")
    assert f"`{name}`" in text


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_that_is_shipped_can_be_read(recipe: Path) -> None:
    assert read_config(recipe).name


def test_names_of_shipped_recipes_are_their_own() -> None:
    names = [read_config(recipe).name for recipe in RECIPES]
    assert len(set(names)) == len(names) >= 9


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[64, 64]", "[64, 60]"), "multiples of 32"),
        (('"unet"', '"transformer"'), "architecture.kind"),
        (("epochs = 1", "epochs = 0"), "epochs"),
        (('title = "Tiny"', 'titel = "Tiny"'), "title"),
        (('"tiny"', '"../tiny"'), "name"),
        (("epochs = 1", "epochs = 1\nsteps = 9"), "either epochs or steps"),
        (("rate = 1e-3", "rate ="), "not TOML"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(ConfigRefused, match=said):
        read_config(recipe)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('encoder = "vgg16"', "architecture.encoder"),
        ('encoder = "resnet50"\npretrained = true', "resnet50, only of efficientnet-lite0, .*file"),
        ('pretrained = true\nweights = "chexnet.pt"', "not from both"),
        ("widths = [8, 8, 8]", "unet needs 4 widths"),
    ],
)
def test_an_encoder_that_cannot_be_had_is_named(tmp_path: Path, lines: str, said: str) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(GOOD.replace('kind = "unet"', f'kind = "unet"\n{lines}'), encoding="utf-8")
    with pytest.raises(ConfigRefused, match=said):
        read_config(recipe)


@pytest.mark.parametrize("line", ["frozen = true", 'encoder = "resnet18"', "pretrained = true"])
def test_a_network_without_an_encoder_takes_none(tmp_path: Path, line: str) -> None:
    recipe = tmp_path / "recipe.toml"
    text = GOOD.replace('kind = "unet"', f'kind = "segresnet"\nwidths = [8]\n{line}')
    recipe.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigRefused, match="segresnet has no encoder"):
        read_config(recipe)


def test_a_network_to_be_filled_reads_no_weights() -> None:
    told = Architecture(kind="unet", weights="somewhere.pt", frozen=True)
    assert told.bare == Architecture(kind="unet", frozen=True)
    assert Architecture(kind="unet", pretrained=True).bare == Architecture(kind="unet")


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match=r"no configuration .*absent\.toml"):
        read_config(tmp_path / "absent.toml")
