"""The manifest keeps its other entries, and says what was put in."""

import tomllib
from pathlib import Path
from typing import Any

from app.masks.measures import Confusion
from app.networks.manifest import read_manifest
from app.networks.scoring import ScoredFilm, evaluate
from app.training.manifest_file import as_toml, entry, put, put_together
from app.training.operating import OperatingPoint
from tests.training.extra import tiny_config

FOUND = ScoredFilm("1.png", "p1", Confusion(30, 10, 10, 50))
MEASURED = evaluate([FOUND], detection_threshold=0.1, seed=1)


def tiny_entry(name: str = "tiny", threshold: float = 0.45) -> dict[str, Any]:
    return entry(
        tiny_config(name=name),
        stages=(2,),
        grid=(64, 96),
        point=OperatingPoint(threshold=threshold),
        measured=MEASURED,
        files=[("network.onnx", "a" * 64, None), ("network-fold3.onnx", "b" * 64, 3)],
    )


def test_the_product_reads_what_was_put_in(tmp_path: Path) -> None:
    put(tmp_path / "manifest.toml", tiny_entry())
    (read,) = read_manifest(tmp_path).networks
    assert read.input.grid == (64, 96)
    assert [(file.path, file.fold) for file in read.files] == [
        ("tiny/network.onnx", None),
        ("tiny/network-fold3.onnx", 3),
    ]
    assert read.operating.sensitivity == 1
    assert read.operating.specificity is None  # it was not measured


def test_an_entry_takes_the_place_of_its_namesake(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.toml"
    for name in ("first", "tiny", "last"):
        put(manifest, tiny_entry(name))
    put(manifest, tiny_entry(threshold=0.6))
    networks = read_manifest(tmp_path).networks
    assert [network.name for network in networks] == ["first", "tiny", "last"]
    assert [network.operating.threshold for network in networks] == [0.45, 0.6, 0.45]


def test_words_with_quotes_and_signs_survive() -> None:
    networks = [{"name": "x", "title": 'Say "ä × β"\n\\', "stages": [], "input": {"low": 0.5}}]
    assert tomllib.loads(as_toml(networks)) == {"schema": 1, "network": networks}


def test_points_together_stay_until_one_of_the_networks_is_replaced(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.toml"
    for name in ("a", "b", "c"):
        put(manifest, tiny_entry(name))
    networks = read_manifest(tmp_path).networks
    put_together(manifest, networks[:2], {"threshold": 0.3})
    put_together(manifest, networks[1:], {"threshold": 0.4})
    put_together(manifest, networks[1::-1], {"threshold": 0.5})  # the first two anew

    def points() -> dict[tuple[str, ...], float]:
        return {
            point.networks: point.operating.threshold for point in read_manifest(tmp_path).together
        }

    assert points() == {("b", "c"): 0.4, ("b", "a"): 0.5}
    put(manifest, tiny_entry("c"))
    assert points() == {("b", "a"): 0.5}
