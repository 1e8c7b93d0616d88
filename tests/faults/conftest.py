"""Films to be interrupted with, and an installation on an embedded database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo.folder import write_folder
from tests.support.processes import Installation, installation

FILMS = 12


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for _ in write_folder(folder, films=FILMS, size=(160, 160)):
        pass
    return folder


@pytest.fixture
def alone(home: Path) -> Iterator[Installation]:
    """An installation with a draft study called North; its admin is boss, anna and berta vote."""
    with installation() as made:
        for name, role in (("boss", "admin"), ("anna", "physician"), ("berta", "physician")):
            made.run("user", "add", name, "--role", role)
        made.run(
            "study",
            "create",
            "North",
            "--admin",
            "boss",
            "--physicians",
            "anna,berta",
            "--networks",
            "unet",
        )
        yield made
