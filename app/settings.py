"""All settings of the process, read once from ``MASKBALLOT_*``."""

import os
import secrets
from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator may set; `docs/operations.md` lists every name."""

    model_config = SettingsConfigDict(env_prefix="MASKBALLOT_", frozen=True, extra="ignore")

    home: Path = Path.home() / ".local" / "share" / "maskballot"
    database_url: str = ""
    reader_database_url: str = ""
    blobs_url: str = ""
    blobs_endpoint: str = ""
    blobs_region: str = ""
    blobs_access_key: str = ""
    blobs_secret_key: str = ""
    models: Path = REPOSITORY / "models"
    host: str = "127.0.0.1"
    port: int = 8800
    https: bool = False
    max_film_bytes: int = 128 * 1024 * 1024
    max_film_pixels: int = 64_000_000
    max_upload_bytes: int = 2 * 1024 * 1024 * 1024
    incoming: Path | None = None
    lease_minutes: int = 30
    # Longer than a reading day, so that nobody is signed out between two ballots.
    session_hours: int = 12
    inference_threads: int = 0
    workers: int = 1
    log_requests: bool = False
    contact: str = ""

    @property
    def database(self) -> str:
        """The database's URL; an embedded SQLite file in ``home`` where none is set."""
        return self.database_url or f"sqlite:///{self.home / 'maskballot.sqlite'}"

    @property
    def reader_database(self) -> str:
        """The URL of the connection that physicians' requests use."""
        return self.reader_database_url or self.database

    @property
    def incoming_folder(self) -> Path:
        """Where an operator puts folders of films that admins may import from the web page."""
        return self.incoming or self.home / "incoming"

    @property
    def uploads(self) -> Path:
        """Where uploaded films wait for their import; workers on other machines share it."""
        return self.home / "uploads"

    @property
    def exports(self) -> Path:
        """Where packed exports lie for download; workers on other machines share it."""
        return self.home / "exports"

    @property
    def blobs(self) -> str:
        """Where films and masks lie: a folder, or ``s3://bucket/prefix``."""
        return self.blobs_url or str(self.home / "blobs")


@cache
def settings() -> Settings:
    """Return the process's settings."""
    return Settings()


def secret_key(home: Path) -> bytes:
    """Return the installation's secret, made at the first start with mode 0600.

    The key is written under another name and then linked, so that two processes that start
    together end with the same key.
    """
    path = home / "secret.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f".secret.{secrets.token_hex(8)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
