"""No test reaches anything but this machine.

An audit hook sees every connect of Python's own sockets, whoever calls it; it cannot be taken off
again, which is as well. (The S3 client is Rust and not seen; it is only ever given loopback URLs.)
"""

import ipaddress
import sys
from typing import Any

LOCAL_NAMES = {"localhost", "", None}


class OutsideReached(RuntimeError):
    """A test wanted to leave this machine."""


def forbid_the_outside() -> None:
    """From now on connecting or looking up anything but loopback raises `OutsideReached`."""
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise OutsideReached(f"a test wanted to reach {address[0]}")
    elif event == "socket.getaddrinfo" and not _is_local(args[0]):
        raise OutsideReached(f"a test wanted to look up {args[0]}")


def _is_local(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
