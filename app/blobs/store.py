"""One store of bytes by content, in a folder, in memory or in an S3-compatible bucket.

A blob's name is the sha256 of its bytes, so to put one twice is to put it once, and a read can
tell whether it got what was put.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from app.blobs.refusals import BlobDamaged, BlobMissing, BlobsUnreachable
from app.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

_SHA256 = re.compile(r"[0-9a-f]{64}")


def open_store(settings: Settings) -> "BlobStore":
    """Return the store that the settings name."""
    return BlobStore(
        settings.blobs,
        endpoint=settings.blobs_endpoint,
        region=settings.blobs_region,
        access_key=settings.blobs_access_key,
        secret_key=settings.blobs_secret_key,
    )


class BlobStore:
    """Bytes by their sha256; safe to use from several threads and processes at once."""

    def __init__(
        self,
        url: str,
        *,
        endpoint: str = "",
        region: str = "",
        access_key: str = "",
        secret_key: str = "",
    ) -> None:
        """Open ``url``: a folder (made where it is missing), ``memory://`` or ``s3://bucket/prefix``.

        An empty ``endpoint``, ``region`` or key leaves the choice to the environment, as AWS's own
        clients do.
        """
        self.url = url
        self._folder: Path | None = None
        self._store: ObjectStore
        if url == "memory://":
            self._store = MemoryStore()
        elif url.startswith("s3://"):
            self._store = _bucket(url, endpoint, region, access_key, secret_key)
        else:
            self._folder = Path(url).expanduser().resolve()
            with _reaching(url):
                self._store = LocalStore(self._folder, mkdir=True)

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its sha256; when this returns, it would survive a power cut.

        Putting the same bytes again changes nothing, but mends a damaged copy. Raises
        `BlobsUnreachable`.
        """
        sha = hashlib.sha256(data).hexdigest()
        with _reaching(self.url):
            try:
                self._store.put(_path(sha), data, mode="create")
            except AlreadyExistsError:
                # A copy cut short by a power cut has the right name and the wrong bytes.
                if self._read(sha) != data:
                    self._store.put(_path(sha), data, mode="overwrite")
            self._flush(sha)
        return sha

    def get(self, sha: str) -> bytes:
        """Return the bytes of ``sha``. Raises `BlobMissing`, `BlobDamaged`, `BlobsUnreachable`."""
        _require_sha256(sha)
        with _reaching(self.url):
            try:
                data = self._read(sha)
            except FileNotFoundError:
                raise BlobMissing(
                    "The blob {sha} is missing from {url}.",
                    cure="Restore it from a backup.",
                    sha=sha,
                    url=self.url,
                ) from None
        if hashlib.sha256(data).hexdigest() != sha:
            raise BlobDamaged(
                "The blob {sha} in {url} is damaged.",
                cure="Restore it from a backup.",
                sha=sha,
                url=self.url,
            )
        return data

    def has(self, sha: str) -> bool:
        """Say whether a blob lies under ``sha``; its bytes are not read."""
        _require_sha256(sha)
        with _reaching(self.url):
            try:
                self._store.head(_path(sha))
            except FileNotFoundError:
                return False
        return True

    def all(self) -> Iterator[str]:
        """Yield the digest of every blob, in no order that means anything."""
        with _reaching(self.url):
            for batch in self._store.list():
                names = (entry["path"].rpartition("/")[2] for entry in batch)
                yield from (name for name in names if _SHA256.fullmatch(name))

    def _read(self, sha: str) -> bytes:
        return bytes(self._store.get(_path(sha)).bytes())

    def _flush(self, sha: str) -> None:
        # obstore's folder writes a temporary file and renames it, but never calls fsync.
        if self._folder is None:
            return
        file = self._folder / _path(sha)
        for path in (file, file.parent, self._folder):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _bucket(url: str, endpoint: str, region: str, access_key: str, secret_key: str) -> S3Store:
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    config: S3Config = {}
    if endpoint:
        config["endpoint"] = endpoint
    if region:
        config["region"] = region
    if access_key:
        config["access_key_id"] = access_key
        config["secret_access_key"] = secret_key
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            "timeout": timedelta(seconds=60),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
    )


def _path(sha: str) -> str:
    # 256 folders keep a listing of any one of them short at a million blobs.
    return f"{sha[:2]}/{sha}"


def _require_sha256(sha: str) -> None:
    if not _SHA256.fullmatch(sha):
        raise ValueError(f"not a sha256: {sha[:80]!r}")


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        reason = str(error).strip().partition("\n")[0][:200]
        raise BlobsUnreachable(
            "The blobs at {url} cannot be read or written: {reason}.",
            cure="Check MASKBALLOT_BLOBS_URL, its rights and free space: `maskballot check`.",
            url=url,
            reason=reason,
        ) from error
