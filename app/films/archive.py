"""A zip of films, unpacked where it can do no harm."""

import errno
import shutil
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from app.films.names import printable
from app.films.refusals import LayoutRefused

MOST_FILES = 500_000
# Films are compressed already, so a zip that grows tenfold holds something else.
LARGEST_GROWTH = 10
# Tables and empty masks shrink more than that, so a small archive may.
ALWAYS_ALLOWED = 256 * 1024 * 1024
# Folders that mean something to `read_layout` are never stepped into.
LAYOUT = ("films", "infection", "lungs")
BAD_NAMES = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.EINVAL)
# Encrypted entries are a RuntimeError, unknown compressions a NotImplementedError.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, IndexError)
# The list of a zip is read into memory as a whole; this is room for `MOST_FILES`.
LONGEST_LIST = 64 * 1024 * 1024
# The end of a zip: its mark, then where the length of its list stands (APPNOTE.TXT, 4.3.14 to 16).
END, END_64 = (b"PK\x05\x06", "<12xL"), (b"PK\x06\x06", "<40xQ")
# Others may ask for gigabytes while they unpack.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unpack(archive: Path, into: Path) -> int:
    """Unpack ``archive`` into the folder ``into`` and return the number of files.

    A path that leads out of the folder, a bomb or a damaged archive is refused as a whole, before
    anything is written where the archive's own list tells it. Raises `LayoutRefused`.
    """
    _check_list(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _members(opened, archive.stat().st_size)
            for member in members:
                _write(opened, member, into)
    except OSError as error:
        if error.errno not in BAD_NAMES:
            raise
        raise LayoutRefused("The zip holds names that no file can have.") from error
    except DAMAGED as error:
        raise LayoutRefused(
            "The zip cannot be unpacked: it is damaged, encrypted or no zip at all.",
            cure="Pack the films again, without a password.",
        ) from error
    return len(members)


def _check_list(archive: Path) -> None:
    """Raise `LayoutRefused` if the zip's list of files is too long to be read."""
    with archive.open("rb") as file:
        file.seek(-min(archive.stat().st_size, 2**16 + 128), 2)
        tail = file.read()
    for mark, place in (END, END_64):
        end = tail.rfind(mark)
        if end < 0 or len(tail) - end < struct.calcsize(place):
            continue
        length = struct.unpack_from(place, tail, end)[0]
        # All ones say that the length stands in the other, larger mark.
        if length != 2**32 - 1 and length > LONGEST_LIST:
            raise LayoutRefused("The zip's own list of files is too long to be read.")


def _members(opened: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
    members = [member for member in opened.infolist() if not member.is_dir()]
    if not members:
        raise LayoutRefused("The zip holds no files.")
    if len(members) > MOST_FILES:
        raise LayoutRefused("The zip holds more than {most} files.", most=MOST_FILES)
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise LayoutRefused("The zip holds a path that leads out of its folder.")
        if member.compress_type not in COMPRESSIONS:
            raise LayoutRefused(
                "{name} is compressed in a way that is not unpacked here.",
                cure="Pack the films again as an ordinary zip.",
                name=printable(path.name),
            )
    if sum(member.file_size for member in members) > max(packed * LARGEST_GROWTH, ALWAYS_ALLOWED):
        raise LayoutRefused("The zip would grow more than tenfold: that is no archive of films.")
    return members


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    # A link inside a zip becomes a small file with the link's text: `extract` never makes links,
    # and reading stops at the size that the list promised.
    target = into / PurePosixPath(member.filename.replace("\\", "/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1024 * 1024)


def top(folder: Path) -> Path:
    """Return the one folder that holds everything in ``folder``, as zips of a folder are made."""
    while True:
        found = [path for path in folder.iterdir() if not path.name.startswith((".", "__MACOSX"))]
        if len(found) != 1 or not found[0].is_dir() or found[0].name in LAYOUT:
            return folder
        folder = found[0]
