"""One behaviour for a folder, for memory and for a bucket."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.blobs.refusals import BlobMissing, BlobsUnreachable
from app.blobs.store import BlobStore
from tests.support.ports import free_port
from tests.support.s3 import Bucket

NOBODY = "0" * 64


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(params=["folder", "memory", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    opened: dict[str, Callable[[], BlobStore]] = {
        "folder": lambda: BlobStore(str(tmp_path / "blobs")),
        "memory": lambda: BlobStore("memory://"),
        "bucket": lambda: BlobStore(**asdict(request.getfixturevalue("bucket"))),
    }
    return opened[request.param]()


def test_what_was_put_is_got(store: BlobStore) -> None:
    sha = store.put(b"a film")
    assert sha == sha256(b"a film")
    assert store.get(sha) == b"a film"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=5000))
def test_any_bytes_come_back_as_they_were(store: BlobStore, data: bytes) -> None:
    assert store.get(store.put(data)) == data


def test_putting_twice_is_putting_once(store: BlobStore) -> None:
    assert store.put(b"twice") == store.put(b"twice")
    assert list(store.all()) == [sha256(b"twice")]


def test_a_blob_is_there_after_it_was_put_and_not_before(store: BlobStore) -> None:
    sha = sha256(b"later")
    assert not store.has(sha)
    store.put(b"later")
    assert store.has(sha)


def test_a_missing_blob_is_named(store: BlobStore) -> None:
    with pytest.raises(BlobMissing, match=NOBODY):
        store.get(NOBODY)


def test_all_blobs_are_listed(store: BlobStore) -> None:
    put = {store.put(str(number).encode()) for number in range(30)}
    assert set(store.all()) == put


def test_many_threads_put_the_same_blob_at_once(store: BlobStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        shas = set(pool.map(store.put, [b"the same film"] * 24))
    assert store.get(shas.pop()) == b"the same film"
    assert not shas


@pytest.mark.parametrize("wrong", ["", "abc", "../../etc/passwd", "A" * 64, "g" * 64])
def test_only_a_sha256_is_a_name(store: BlobStore, wrong: str) -> None:
    with pytest.raises(ValueError, match="not a sha256"):
        store.get(wrong)
    with pytest.raises(ValueError, match="not a sha256"):
        store.has(wrong)


def test_a_prefix_keeps_two_houses_apart_in_one_bucket(bucket: Bucket) -> None:
    reached = {**asdict(bucket)}
    north = BlobStore(**{**reached, "url": f"{bucket.url}/north"})
    south = BlobStore(**{**reached, "url": f"{bucket.url}/south"})
    sha = north.put(b"from the north")
    assert not south.has(sha)
    assert list(north.all()) == [sha]


def test_a_bucket_that_does_not_exist_is_named_with_a_cure(bucket: Bucket) -> None:
    store = BlobStore(**{**asdict(bucket), "url": "s3://nobody-made-this"})
    with pytest.raises(BlobsUnreachable, match="nobody-made-this") as caught:
        store.put(b"lost")
    assert "maskballot check" in caught.value.cure


def test_a_store_that_is_not_running_is_named_with_a_cure() -> None:
    store = BlobStore(
        "s3://films",
        endpoint=f"http://127.0.0.1:{free_port()}",
        region="eu-central-1",
        access_key="test",
        secret_key="test",
    )
    with pytest.raises(BlobsUnreachable, match="s3://films"):
        store.put(b"lost")
