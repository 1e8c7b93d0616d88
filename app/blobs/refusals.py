"""What can go wrong between the house and its blobs."""

from app.problems import Problem


class BlobMissing(Problem):
    """No blob lies under this digest."""

    code = "blob-missing"
    status = 500


class BlobDamaged(Problem):
    """What lies under the digest is not what was put there."""

    code = "blob-damaged"
    status = 500


class BlobsUnreachable(Problem):
    """The folder or the object store does not do what it is asked for."""

    code = "blobs-unreachable"
    status = 503
