"""Receiving a large file: counted while it comes, kept on disk, unpacked."""

import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from anyio import open_file
from fastapi.concurrency import run_in_threadpool

from app.films.archive import top, unpack
from app.films.refusals import LayoutRefused
from app.problems import Problem
from app.web.words import size


class UploadTooLarge(Problem):
    """The body is larger than the installation allows."""

    code = "upload-too-large"
    status = 413


class FolderUnknown(Problem):
    """No operator has put a folder of that name on the server."""

    code = "folder-unknown"
    status = 422


async def receive_zip(stream: AsyncIterator[bytes], *, into: Path, most: int) -> Path:
    """Keep ``stream`` below ``into``, unpack it there and return the folder with its films.

    Nothing stays behind where it is refused. Raises `UploadTooLarge` or `LayoutRefused`.
    """
    name = secrets.token_hex(8)
    parts = into / f".{name}"
    # Films carry patients' names until they are imported: nobody else on the machine reads them.
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    parts.mkdir(mode=0o700)
    try:
        await _keep(stream, parts / "upload.zip", most)
        await run_in_threadpool(unpack, parts / "upload.zip", parts / "films")
        # Only a whole folder gets the name that an import is told.
        top(parts / "films").rename(into / name)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return into / name


async def _keep(stream: AsyncIterator[bytes], path: Path, most: int) -> None:
    received = 0
    async with await open_file(path, "xb") as file:
        async for part in stream:
            received += len(part)
            if received > most:
                raise UploadTooLarge(
                    "The file is larger than {size}.",
                    cure="Split it, or have it put into a folder on the server.",
                    size=size(most),
                )
            await file.write(part)
    if not received:
        raise LayoutRefused("No file was sent.", cure="Choose a zip of films.")


def folder_in(incoming: Path, name: str) -> Path:
    """Return the folder ``name`` of ``incoming``. Raises `FolderUnknown`.

    It is chosen from those that are there, not joined from what was sent: no path leads elsewhere.
    """
    if name not in folders_in(incoming):
        raise FolderUnknown(
            "There is no folder “{name}” in {place}.",
            cure="Choose another.",
            name=name,
            place=incoming,
        )
    return incoming / name


def folders_in(incoming: Path) -> list[str]:
    """Return the names of the folders that an operator has put into ``incoming``."""
    if not incoming.is_dir():
        return []
    return sorted(path.name for path in incoming.iterdir() if path.is_dir())
