"""Why a network is not used. The sentence names the file and what was expected."""

from typing import ClassVar

from app.problems import Problem


class NetworkRefused(Problem):
    """A manifest or a network file that is not as it should be."""

    code: ClassVar[str] = "network-refused"
    status: ClassVar[int] = 422


class NetworkUnknown(Problem):
    """No network of this name, or none for this stage."""

    code: ClassVar[str] = "network-unknown"
    status: ClassVar[int] = 422


class InFold(Problem):
    """Every file of the network has learnt from this film, so its mask would be no proposal."""

    code: ClassVar[str] = "in-fold"
    status: ClassVar[int] = 409


class NearInFold(InFold):
    """Every file of the network has learnt from the same view in another file.

    Mirrored, inverted, in another size, window or encoding: its mask would be no proposal either.
    """
