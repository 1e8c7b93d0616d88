"""Passwords: argon2id, and a policy that asks for length only (NIST SP 800-63B)."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.problems import Problem

SHORTEST = 12
LONGEST = 200
# No letters that are mistaken for each other when read from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher = PasswordHasher()
# Verified when the name is unknown, so that the answer takes as long as for a known one.
_NOBODY = _hasher.hash(secrets.token_hex(16))


class PasswordRefused(Problem):
    """The password does not meet the policy."""

    code = "password-refused"
    status = 422


def generate() -> str:
    """Return a random password of four groups, about 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def hash_password(password: str) -> str:
    """Return the argon2id hash. Raises `PasswordRefused` where the length is out of bounds."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordRefused(
            "A password has {shortest} to {longest} characters.",
            cure="Choose another one.",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    return _hasher.hash(password)


def verify(password: str, hashed: str | None) -> bool:
    """Say whether ``password`` is the one hashed; as slow for no hash as for a wrong one."""
    try:
        return _hasher.verify(hashed or _NOBODY, password[:LONGEST]) and hashed is not None
    except (VerifyMismatchError, InvalidHashError):
        return False
