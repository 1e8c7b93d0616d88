"""`make networks` names the recipes that there are, and the networks that are shipped."""

import pytest

from app.networks.manifest import read_manifest
from app.training.config import read_config
from scripts.networks import CONFIGS, FOLDED, WHOLE, main
from tests.support.commands import REPOSITORY


@pytest.mark.parametrize("name", [*WHOLE, *FOLDED])
def test_every_recipe_is_there_under_its_name(name: str) -> None:
    assert read_config(CONFIGS / f"{name}.toml").name == name


def test_every_shipped_network_can_be_trained_anew() -> None:
    shipped = {entry.name for entry in read_manifest(REPOSITORY / "models").networks}
    assert shipped <= {*WHOLE, *FOLDED}


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--data", "anywhere", "--only", "no-such-network"])
    assert left.value.code == 2
    assert "no-such-network" in capsys.readouterr().err
