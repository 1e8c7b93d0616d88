"""Backing up a running installation into one file, and restoring it into an empty one."""

import os
import tarfile
import tempfile
from pathlib import Path

from app import __version__
from app.blobs.store import BlobStore, open_store
from app.clock import Clock
from app.problems import Problem
from app.settings import Settings
from app.upkeep import databases
from app.upkeep.tarball import (
    BLOBS,
    FORMAT,
    KEY,
    Contents,
    Progress,
    add_bytes,
    add_contents,
    add_file,
    digest_of_names,
    file_digest,
    verified_contents,
)


class NotEmpty(Problem):
    """Something is there that a restore would overwrite."""

    code = "not-empty"
    status = 409


def back_up(settings: Settings, target: Path, *, clock: Clock, progress: Progress) -> Contents:
    """Write everything that cannot be made again, and what goes with it, to ``target``.

    The database is copied first: blobs are put before the row that names them, so every blob that
    the copy names is there by then. The file appears under its name only when it is whole.
    """
    if target.exists():
        raise NotEmpty(f"{target} exists already.", cure="Choose another name.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                contents = _write(settings, tar, clock, progress)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return contents


def _write(settings: Settings, tar: tarfile.TarFile, clock: Clock, progress: Progress) -> Contents:
    made_at = clock.now().isoformat()
    database = databases.kind_of(settings.database)
    digests: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="maskballot-backup-") as folder:
        copy = Path(folder) / database
        databases.copy_out(settings.database, copy)
        digests[database] = file_digest(copy)
        add_file(tar, database, copy)
    key = settings.home / KEY
    if key.exists():
        digests[KEY] = file_digest(key)
        add_file(tar, KEY, key)
    shas = _write_blobs(open_store(settings), tar, progress)
    contents = Contents(
        format=FORMAT,
        version=__version__,
        made_at=made_at,
        database=database,
        digests=digests,
        blobs=len(shas),
        blobs_sha256=digest_of_names(shas),
    )
    add_contents(tar, contents)
    return contents


def _write_blobs(blobs: BlobStore, tar: tarfile.TarFile, progress: Progress) -> list[str]:
    shas = sorted(blobs.all())
    for done, sha in enumerate(shas, 1):
        add_bytes(tar, f"{BLOBS}{sha}", blobs.get(sha))
        progress(done, len(shas))
    return shas


def check_restorable(settings: Settings, source: Path, *, progress: Progress) -> Contents:
    """Verify the whole backup and that nothing stands in its way; write nothing.

    Raises `BackupRefused` or `NotEmpty`.
    """
    contents = verified_contents(source, progress=progress)
    wanted = databases.kind_of(settings.database)
    if contents.database != wanted:
        raise NotEmpty(
            f"The backup holds a {contents.database}, the settings ask for a {wanted}.",
            cure="Set MASKBALLOT_DATABASE_URL to a database of the same kind.",
        )
    if not databases.is_empty(settings.database):
        raise NotEmpty(
            "The database of these settings is not empty; a restore would overwrite it.",
            cure="Set MASKBALLOT_HOME or MASKBALLOT_DATABASE_URL to a place that is.",
        )
    key = settings.home / KEY
    if key.exists() and file_digest(key) != contents.digests.get(KEY):
        raise NotEmpty(
            f"{settings.home} belongs to another installation: it has its own secret.key.",
            cure="Set MASKBALLOT_HOME to an empty folder.",
        )
    return contents


def restore(settings: Settings, source: Path, contents: Contents, *, progress: Progress) -> None:
    """Bring a verified backup into an empty place: blobs first, the database last.

    Stopped halfway, there is no database yet, and the same command begins again.
    """
    blobs = open_store(settings)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.home) as folder:
        copy, key = Path(folder) / contents.database, Path(folder) / KEY
        done = 0
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                stream = tar.extractfile(member)
                assert stream is not None  # verified before
                if member.name.startswith(BLOBS):
                    blobs.put(stream.read())
                    done += 1
                    progress(done, contents.blobs)
                elif member.name in contents.digests:
                    _write_file(Path(folder) / member.name, stream.read())
        if key.exists():
            key.replace(settings.home / KEY)
        databases.copy_in(copy, settings.database)


def _write_file(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
