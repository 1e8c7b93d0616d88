"""The file that a backup is: one tar with the database, the key, all blobs, and what it holds.

Members: ``database.sqlite`` or ``database.dump``, ``secret.key``, ``blobs/<sha256>`` each, and
``manifest.json`` last. Blobs are named by their digest; the manifest has the digests of the others
and of the list of blobs, so nothing can be missing, added or changed unseen.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from app.problems import Problem

FORMAT = 1
MANIFEST = "manifest.json"
KEY = "secret.key"
BLOBS = "blobs/"
SQLITE = "database.sqlite"
POSTGRESQL = "database.dump"
KNOWN = {SQLITE, POSTGRESQL, KEY}
PIECE = 1024 * 1024

Progress = Callable[[int, int], None]


class BackupRefused(Problem):
    """The file is no backup, or not a whole one."""

    code = "backup-refused"
    status = 422


@dataclass(frozen=True)
class Contents:
    """What a backup says of itself. ``database`` names its member and so its kind."""

    format: int
    version: str
    made_at: str
    database: str
    digests: dict[str, str]
    blobs: int
    blobs_sha256: str


def digest_of_names(shas: Iterable[str]) -> str:
    """Return one digest of a set of blobs."""
    return hashlib.sha256("\n".join(sorted(shas)).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    """Add a member with nothing of this machine in it."""
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(data))


def add_file(tar: tarfile.TarFile, name: str, path: Path) -> None:
    """Add a file under ``name``, piece by piece."""
    member = tarfile.TarInfo(name)
    member.size = path.stat().st_size
    member.mode = 0o600
    with path.open("rb") as file:
        tar.addfile(member, file)


def add_contents(tar: tarfile.TarFile, contents: Contents) -> None:
    """Close the backup with what it holds."""
    add_bytes(tar, MANIFEST, json.dumps(asdict(contents), indent=1, sort_keys=True).encode())


def verified_contents(path: Path, *, progress: Progress) -> Contents:
    """Read the whole file, compare every digest, and return what it holds.

    Raises `BackupRefused`. Nothing is written.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            return _verify(tar, path, progress)
    except (OSError, tarfile.TarError) as error:
        raise BackupRefused(f"{path} cannot be read as a backup: {error}.") from error


def _verify(tar: tarfile.TarFile, path: Path, progress: Progress) -> Contents:
    contents = _contents(tar, path)
    digests: dict[str, str] = {}
    blobs: list[str] = []
    for member in tar:
        stream = tar.extractfile(member) if member.isreg() else None
        if stream is None:
            raise BackupRefused(f"{path} holds {member.name}, which is no plain file.")
        digest = _digest(stream)
        if member.name.startswith(BLOBS):
            sha = member.name.removeprefix(BLOBS)
            if digest != sha:
                raise BackupRefused(f"The blob {sha} in {path} is damaged.")
            blobs.append(sha)
            progress(len(blobs), contents.blobs)
        elif member.name != MANIFEST:
            digests[member.name] = digest
    if digests != contents.digests:
        raise BackupRefused(f"The database or the key in {path} is damaged or missing.")
    if len(blobs) != contents.blobs or digest_of_names(blobs) != contents.blobs_sha256:
        raise BackupRefused(f"{path} holds {len(blobs)} blobs, not the {contents.blobs} it names.")
    return contents


def _contents(tar: tarfile.TarFile, path: Path) -> Contents:
    try:
        stream = tar.extractfile(MANIFEST)
    except KeyError:
        stream = None
    if stream is None:
        raise BackupRefused(f"{path} has no manifest: it is no backup, or was cut short.")
    try:
        contents = Contents(**json.loads(stream.read()))
    except (TypeError, ValueError) as error:
        raise BackupRefused(f"The manifest of {path} cannot be read.") from error
    if not {contents.database, *contents.digests} <= KNOWN:
        raise BackupRefused(f"{path} names members that no backup has.")
    if contents.format != FORMAT:
        raise BackupRefused(
            f"{path} has format {contents.format}; this version reads {FORMAT}.",
            cure=f"Restore it with maskballot {contents.version}.",
        )
    return contents


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
