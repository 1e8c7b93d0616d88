"""A network of folds ships its folds' files, or what each said of the films it never saw."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.extra import need_training_extra, phantom, phantom_folder, tiny_config

need_training_extra()

from app.films.pixels import FilmPixels  # noqa: E402
from app.networks.manifest import read_manifest  # noqa: E402
from app.networks.predict import open_for_film  # noqa: E402
from app.networks.refusals import InFold  # noqa: E402
from app.training import exporting, runs, shipping  # noqa: E402
from app.training.exporting import ExportedRun, ShippingRefused  # noqa: E402
from app.training.loop import train  # noqa: E402

FOLDS = (None, 0, 1)
CONFIG = tiny_config(
    data={"tune_share": 0.1}, phase=[{"grid": [64, 64], "steps": 30, "rate": 0.02}]
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[ExportedRun]:
    """Return a run on all films, and two that never saw fold 0 and fold 1."""
    place = tmp_path_factory.mktemp("folds")
    data = phantom_folder(place / "export", 30)
    made = []
    for fold in FOLDS:
        prepared = runs.prepare(CONFIG, data, cache=place / "packs", fold=fold)
        folder = place / f"run-{fold}"
        train(runs.open_run(prepared, folder), runs.checkpoint_of(folder), seconds=60)
        made.append(exporting.export_run(prepared, folder))
    return made


def ship(exported: list[ExportedRun], models: Path, *, keep_folds: bool) -> Path:
    shipping.ship(
        exported, models=models, stages=(1,), replace=True, command="train", keep_folds=keep_folds
    )
    return models


def test_predictions_make_the_masks_that_the_folds_files_make(
    exported: list[ExportedRun], tmp_path: Path
) -> None:
    files = ship(exported, tmp_path / "files", keep_folds=True)
    kept = ship(exported, tmp_path / "kept", keep_folds=False)
    assert len(read_manifest(files).networks[0].files) == len(FOLDS)
    assert len(read_manifest(kept).networks[0].files) == 1
    for number in (0, 1, 2, 3):  # folds go by pairs of films
        film = FilmPixels(phantom(number)[0], bits=8)
        by_file = open_for_film(files, "tiny", pixels_sha=film.sha256())
        by_prediction = open_for_film(kept, "tiny", pixels_sha=film.sha256())
        assert by_file.fold == by_prediction.fold == number // 2
        assert by_file.sha256 == by_prediction.sha256
        first, second = by_file.mask(film), by_prediction.mask(film)
        # Kept in steps of 1/255: only a pixel that lies on the threshold may turn.
        assert first.any()
        assert np.count_nonzero(first != second) <= 2


def test_a_film_of_a_fold_that_was_not_run_gets_nothing(
    exported: list[ExportedRun], tmp_path: Path
) -> None:
    kept = ship(exported, tmp_path, keep_folds=False)
    film = FilmPixels(phantom(8)[0], bits=8)  # of fold 4
    with pytest.raises(InFold):
        open_for_film(kept, "tiny", pixels_sha=film.sha256())


def test_the_card_tells_the_folds_films_apart(exported: list[ExportedRun], tmp_path: Path) -> None:
    card = (ship(exported, tmp_path, keep_folds=False) / "tiny/card.md").read_text()
    assert "| exported set, out of fold | 12 |" in card


def test_predictions_alone_are_no_network(exported: list[ExportedRun], tmp_path: Path) -> None:
    with pytest.raises(ShippingRefused, match="run on all films"):
        ship(exported[1:], tmp_path, keep_folds=False)


def test_every_film_of_a_fold_is_out_of_it(exported: list[ExportedRun]) -> None:
    for run in exported[1:]:
        parts = run.prepared.parts
        assert set(parts.fold[parts.out_of_fold]) == {run.prepared.fold}
        assert not np.isin(parts.out_of_fold, np.concatenate([parts.train, parts.tune])).any()
