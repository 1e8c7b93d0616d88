"""An S3 server on loopback, in this process (moto)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from moto.server import ThreadedMotoServer

REGION = "eu-central-1"


@dataclass(frozen=True)
class Bucket:
    """A bucket and what it takes to reach it; the fields of `app.blobs.store.BlobStore`."""

    url: str
    endpoint: str
    region: str = REGION
    access_key: str = "test"
    secret_key: str = "test"

    def environment(self) -> dict[str, str]:
        """Return the settings of a process that keeps its blobs here."""
        return {
            "MASKBALLOT_BLOBS_URL": self.url,
            "MASKBALLOT_BLOBS_ENDPOINT": self.endpoint,
            "MASKBALLOT_BLOBS_REGION": self.region,
            "MASKBALLOT_BLOBS_ACCESS_KEY": self.access_key,
            "MASKBALLOT_BLOBS_SECRET_KEY": self.secret_key,
        }


@contextmanager
def running_s3() -> Iterator[str]:
    """Start a server, hand out its address, stop it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def make_bucket(endpoint: str, name: str) -> Bucket:
    """Create a bucket."""
    bucket = Bucket(url=f"s3://{name}", endpoint=endpoint)
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=bucket.region,
        aws_access_key_id=bucket.access_key,
        aws_secret_access_key=bucket.secret_key,
    )
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    client.close()
    return bucket
