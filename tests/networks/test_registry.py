"""Networks are chosen by name or by stage; what they learnt from is read from their folder."""

from pathlib import Path

import pytest

from app.networks.manifest import Manifest, read_manifest
from app.networks.refusals import NetworkRefused, NetworkUnknown
from app.networks.registry import choose, lungs_entry, read_trained_on
from tests.support.tiny_networks import add_network


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    add_network(tmp_path, "one", stages=[1])
    add_network(tmp_path, "lungs", task="lungs", stages=[])
    add_network(tmp_path, "both", stages=[1, 2])
    return read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["one"], ["one"]),
        (["stage1"], ["one", "both"]),
        (["stage2"], ["both"]),
        (["both", "stage1", "both"], ["both", "one"]),
    ],
)
def test_names_and_stages_choose(manifest: Manifest, names: list[str], chosen: list[str]) -> None:
    assert [entry.name for entry in choose(manifest, names)] == chosen


@pytest.mark.parametrize("names", [["two"], ["one", "two"], ["lungs"], []])
def test_what_is_no_infection_network_is_refused(manifest: Manifest, names: list[str]) -> None:
    with pytest.raises(NetworkUnknown, match="Known: one, both, and stage1, stage2"):
        choose(manifest, names)


def test_the_lung_network_is_found_by_its_task(manifest: Manifest) -> None:
    entry = lungs_entry(manifest)
    assert entry is not None
    assert entry.name == "lungs"
    assert lungs_entry(Manifest.model_validate({"schema": 1})) is None


def test_training_films_are_read_and_read_again_after_a_change(tmp_path: Path) -> None:
    add_network(tmp_path, "net", trained_on=[("a" * 64, "2"), ("b" * 64, "")])
    (entry,) = read_manifest(tmp_path).networks
    assert read_trained_on(tmp_path, entry) == {"a" * 64: 2, "b" * 64: None}
    (tmp_path / "net/trained-on.csv").write_text("pixels_sha256,fold\n")
    assert read_trained_on(tmp_path, entry) == {}


@pytest.mark.parametrize("text", ["", "film,fold\na,1\n", "pixels_sha256,fold\na,one\n"])
def test_a_list_of_training_films_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    add_network(tmp_path, "net", trained_on=[("a" * 64, "2")])
    (entry,) = read_manifest(tmp_path).networks
    (tmp_path / "net/trained-on.csv").write_text(text)
    with pytest.raises(NetworkRefused, match="columns pixels_sha256 and fold"):
        read_trained_on(tmp_path, entry)
