"""A manifest is read as written, or refused with the place and what was expected."""

from pathlib import Path

import pytest

from app.networks.manifest import inside, read_manifest
from app.networks.refusals import NetworkRefused
from tests.support.tiny_networks import add_network, entry_toml

SHA = "0" * 64


def write(models: Path, text: str) -> None:
    (models / "manifest.toml").write_text("schema = 1\n" + text)


def an_entry(name: str = "a") -> str:
    return entry_toml(name, files=[(f"{name}/network.onnx", SHA, None)])


def test_an_entry_is_read_as_written(tmp_path: Path) -> None:
    add_network(tmp_path, "bright", folds=[0, 1], stages=[1, 2], temperature=1.5)
    (entry,) = read_manifest(tmp_path).networks
    assert entry.name == "bright"
    assert entry.stages == (1, 2)
    assert entry.input.grid == (32, 32)
    assert entry.operating.temperature == 1.5
    assert [file.fold for file in entry.files] == [0, 1]


def test_a_manifest_without_networks_is_a_manifest(tmp_path: Path) -> None:
    write(tmp_path, "")
    assert read_manifest(tmp_path).networks == ()


def test_a_folder_without_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkRefused, match=r"no manifest\.toml in"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", [b"schema = ", b"\xff\xfe", b"\x00"])
def test_what_is_no_toml_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "manifest.toml").write_bytes(text)
    with pytest.raises(NetworkRefused, match="cannot be read as TOML"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('task = "infection"', 'task = "heart"', "task"),
        ("grid = [32, 32]", "grid = [32]", r"input\.grid"),
        ("grid = [32, 32]", "grid = [32, 99999]", r"input\.grid"),
        ("low = 0.0", "low = 100.0", "low"),
        ("temperature = 1.0", "temperature = 0", r"operating\.temperature"),
        ("threshold = 0.5", "threshold = 1", r"operating\.threshold"),
        (f'sha256 = "{SHA}"', 'sha256 = "abc"', r"file\..*sha256"),
        ('family = "unet"', 'family = "unet"\nflavour = "sweet"', "flavour"),
        ("opset = 18", "", "opset"),
    ],
)
def test_a_wrong_field_is_named_with_its_network(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in an_entry()
    write(tmp_path, an_entry().replace(old, new))
    with pytest.raises(NetworkRefused, match=f"network 'a', .*{said}"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "path", ["../elsewhere.onnx", "/etc/passwd", "a/../../b.onnx", "", "..\\\\b.onnx"]
)
@pytest.mark.parametrize("field", ["a/network.onnx", "a/card.md", "a/trained-on.csv"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str, field: str) -> None:
    write(tmp_path, an_entry().replace(field, path))
    with pytest.raises(NetworkRefused, match="a path below models/"):
        read_manifest(tmp_path)


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "away").symlink_to(tmp_path)
    with pytest.raises(NetworkRefused, match="expected a file inside"):
        inside(models, "away/secret.onnx")


def test_a_name_stands_once(tmp_path: Path) -> None:
    write(tmp_path, an_entry() + an_entry())
    with pytest.raises(NetworkRefused, match="same name"):
        read_manifest(tmp_path)


def test_a_fold_has_one_file(tmp_path: Path) -> None:
    write(tmp_path, entry_toml("a", files=[("a/x.onnx", SHA, 1), ("a/y.onnx", SHA, 1)]))
    with pytest.raises(NetworkRefused, match="one file at most"):
        read_manifest(tmp_path)
