"""``maskballot probe`` listens to a study on a copy, and reads folders of drawn masks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import typer
from anyio.from_thread import start_blocking_portal
from sqlalchemy import func, select
from typer.testing import CliRunner

from app.ballots.tables import Ballot
from app.cli.listening import deliveries_of
from app.cli.probe import probe
from app.masks.codec import to_png
from app.probe.guessing import guess
from app.probe.transport import seen_of
from app.settings import Settings
from app.votes.tables import Vote
from app.web.house import House, build_house
from tests.blind.plants import in_bundle_header, shown
from tests.support import two_lungs
from tests.support.factory import make_world
from tests.support.tiny_networks import add_network
from tests.support.two_lungs import LEFT, SHAPE

command = typer.Typer()
command.command()(probe)


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str) -> Iterator[House]:
    built = build_house(Settings(home=tmp_path / "home", database_url=sqlite_url))
    yield built
    built.engine.dispose()
    built.reader.dispose()


@pytest.fixture
def study(house: House) -> str:
    with house.sessions.begin() as session:
        return make_world(session, house.blobs, films=20, physicians=3).study.key


def test_every_ballot_is_heard_and_the_study_stays_as_it_was(house: House, study: str) -> None:
    heard = deliveries_of(house, study, most=12)
    assert len(heard) == 12
    names = [one.name for one in heard[0].heard]
    assert names == ["next", "ahead", "page", "film", "bundle", "answer"]
    assert all(0 <= one.found < one.slots == 4 for one in heard)
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Ballot)) == 0
        assert session.scalar(select(func.count()).select_from(Vote)) == 0


def test_it_listens_where_a_loop_runs_already(house: House, study: str) -> None:
    async def listening() -> int:
        return len(deliveries_of(house, study, most=2))

    with start_blocking_portal() as portal:
        assert portal.call(listening) == 2


def test_a_header_that_depends_on_the_origin_is_found(
    house: House, study: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = guess(seen_of(deliveries_of(house, study, most=36)), seed=1)
    assert not plain.alarm

    def kinds(_blobs: object, ballot: object) -> str:
        return ",".join(origin.kind for _, _, origin in shown(house, ballot))  # type: ignore[arg-type]

    in_bundle_header(monkeypatch, "X-Cached", kinds)
    leaky = guess(seen_of(deliveries_of(house, study, most=36)), seed=1)
    assert leaky.found.value > 0.9
    assert leaky.alarm


def test_a_folder_of_drawn_masks_is_probed_and_says_what_it_left_out(tmp_path: Path) -> None:
    folder, models = tmp_path / "layout", tmp_path / "models"
    for name in ("films", "infection"):
        (folder / name).mkdir(parents=True)
    add_network(models, "tiny", task="infection")
    for number in range(6):
        drawn = np.zeros(SHAPE, np.bool_)
        drawn[LEFT] = True
        values = two_lungs.film(LEFT).values.copy()
        values[0, number] = 7
        film = type(two_lungs.film(LEFT))(values, bits=8)
        (folder / f"films/{number}.png").write_bytes(film.to_bytes())
        if number:
            (folder / f"infection/{number}.png").write_bytes(to_png(drawn))
    shutil.copyfile(folder / "films/1.png", folder / "films/spare.png")
    said = CliRunner().invoke(command, [str(folder), "--networks", "tiny", "--models", str(models)])
    assert said.exit_code == 0, said.output
    assert "5 ballots of 5 patients" in said.output
    assert "So few ballots say nothing either way" in said.output
    assert "sigma 3" in said.output


def test_neither_a_folder_nor_a_study_is_asked_for_again() -> None:
    assert CliRunner().invoke(command, []).exit_code == 2
