"""Where a test lives: its home folder, its settings, its clock, its blobs, its bucket."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.settings import Settings
from app.settings import settings as read_settings
from tests.support import s3

MORNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
# What a person may set for a test run itself.
KEPT = {"MASKBALLOT_SHARED", "MASKBALLOT_NO_SKIPS"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder of the test's own, in the environment too: nobody's data is touched."""
    for name in os.environ:
        if name.startswith("MASKBALLOT_") and name not in KEPT:
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("MASKBALLOT_HOME", str(folder))
    read_settings.cache_clear()
    yield folder
    read_settings.cache_clear()


@pytest.fixture
def settings(home: Path, database_url: str) -> Settings:
    """Settings with the test's home and database."""
    return Settings(home=home, database_url=database_url)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands on a Monday morning."""
    return FixedClock(MORNING)


@pytest.fixture
def blobs() -> BlobStore:
    """Blobs in memory."""
    return BlobStore("memory://")


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The run's S3 server."""
    with s3.running_s3() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(s3_endpoint: str) -> s3.Bucket:
    """A fresh bucket."""
    return s3.make_bucket(s3_endpoint, f"test-{uuid.uuid4().hex}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real films (`MASKBALLOT_SHARED`, beside the repository where it is not set)."""
    default = Path(__file__).resolve().parents[3] / "shared"
    folder = Path(os.environ.get("MASKBALLOT_SHARED", default))
    if not (folder / "data").is_dir():
        pytest.skip(f"the real films are not in {folder}: set MASKBALLOT_SHARED to their folder")
    return folder
