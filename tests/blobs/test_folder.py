"""What a folder of blobs survives."""

import os
from pathlib import Path

import pytest

from app.blobs.refusals import BlobDamaged, BlobsUnreachable
from app.blobs.store import BlobStore


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(str(tmp_path / "blobs"))


def file_of(store: BlobStore, sha: str) -> Path:
    return Path(store.url) / sha[:2] / sha


def test_a_damaged_blob_is_refused(store: BlobStore) -> None:
    sha = store.put(b"a film")
    file_of(store, sha).write_bytes(b"a filn")
    with pytest.raises(BlobDamaged, match=sha):
        store.get(sha)


def test_putting_again_mends_what_a_power_cut_left_empty(store: BlobStore) -> None:
    sha = store.put(b"a film")
    file_of(store, sha).write_bytes(b"")
    store.put(b"a film")
    assert store.get(sha) == b"a film"


def test_file_and_folders_are_flushed_before_the_put_is_acknowledged(
    store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    file = file_of(store, store.put(b"a film"))
    assert flushed == [str(file), str(file.parent), str(file.parent.parent)]


def test_leftovers_of_a_killed_put_are_no_blobs(store: BlobStore) -> None:
    sha = store.put(b"a film")
    file_of(store, sha).with_name(f"{sha}#1").write_bytes(b"half")
    assert list(store.all()) == [sha]


def test_a_folder_that_cannot_be_made_is_named_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BlobsUnreachable, match="file/blobs") as caught:
        BlobStore(str(tmp_path / "file" / "blobs"))
    assert "MASKBALLOT_BLOBS_URL" in caught.value.cure
