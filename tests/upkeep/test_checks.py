"""`maskballot check` finds what is wrong, and says how to mend it."""

from pathlib import Path

import pytest

from app.clock import FixedClock, SystemClock
from app.db import migrate
from app.db.engine import ORIGINS_TABLE, make_engine
from app.settings import Settings, secret_key
from app.upkeep import checks
from app.upkeep.checks import Finding, findings


def found(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings(settings, SystemClock())}


def test_a_fresh_installation_has_no_fault_but_perhaps_no_worker(settings: Settings) -> None:
    faults = {name for name, finding in found(settings).items() if not finding.ok}
    assert faults <= {"workers", "durability", "free disk"}
    if settings.database.startswith("sqlite"):
        assert faults <= {"free disk"}


def test_an_old_schema_is_a_fault(settings: Settings) -> None:
    migrate.downgrade(settings.database, "0002")
    schema = found(settings)["schema"]
    assert not schema.ok
    assert "db upgrade" in schema.cure


def test_a_reader_that_can_read_origins_is_a_fault(postgresql_url: str, home: Path) -> None:
    engine = make_engine(postgresql_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"GRANT SELECT ON {ORIGINS_TABLE} TO maskballot_reader")
    engine.dispose()
    assert not found(Settings(home=home, database_url=postgresql_url))["blindness"].ok


def test_a_database_that_may_lose_votes_is_a_fault(postgresql_url: str, home: Path) -> None:
    # The tests' own server runs without fsync, for speed.
    durability = found(Settings(home=home, database_url=postgresql_url))["durability"]
    assert not durability.ok
    assert "fsync" in durability.said


def test_a_key_that_others_can_read_is_a_fault(sqlite_url: str, home: Path) -> None:
    secret_key(home)
    (home / "secret.key").chmod(0o644)
    key = found(Settings(home=home, database_url=sqlite_url))["secret key"]
    assert not key.ok
    assert "chmod 600" in key.cure


def test_a_full_disk_is_a_fault(
    sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "FREE_BYTES", 2**62)
    assert not found(Settings(home=home, database_url=sqlite_url))["free disk"].ok


def test_a_network_whose_file_was_changed_is_a_fault(
    sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    settings = Settings(home=home, database_url=sqlite_url, models=tmp_path / "models")
    networks = found(settings)["networks"]
    assert not networks.ok
    assert "manifest.toml" in networks.said


def test_clocks_that_are_apart_are_a_fault(
    postgresql_url: str, home: Path, clock: FixedClock
) -> None:
    settings = Settings(home=home, database_url=postgresql_url)
    apart = next(one for one in findings(settings, clock) if one.name == "clock")
    assert not apart.ok


def test_blobs_that_cannot_be_reached_are_a_fault_and_the_rest_is_still_checked(
    sqlite_url: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(
        home=home, database_url=sqlite_url, blobs_url=str(tmp_path / "file" / "blobs")
    )
    said = found(settings)
    assert not said["blobs"].ok
    assert said["networks"].name == "networks"
