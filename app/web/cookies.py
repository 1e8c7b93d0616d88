"""The sign-in cookie: a random token, sealed with the installation's key.

The seal means that a row written into the database alone opens no door: whoever wants to come in
needs a token that this installation gave out.
"""

import hashlib
import hmac
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response

from app.settings import secret_key
from app.web.house import House


def cookie_name(house: House) -> str:
    """Return the cookie's name; the prefix makes browsers refuse it from elsewhere."""
    return "__Host-maskballot" if house.settings.https else "maskballot"


def sealed(house: House, token: str) -> str:
    """Return the cookie's value for ``token``."""
    return f"{token}.{_seal(house, token)}"


def token_of(request: Request, house: House) -> str:
    """Return the token of the request's cookie; empty where there is none with our seal."""
    value = request.cookies.get(cookie_name(house), "")
    token, _, seal = value.rpartition(".")
    whole = hmac.compare_digest(seal.encode(), _seal(house, token).encode())
    return token if token and whole else ""


def give_cookie(response: Response, *, house: House, token: str) -> None:
    """Set the sign-in cookie."""
    age = house.settings.session_hours * 3600
    _set(response, house=house, value=sealed(house, token), age=age)


def drop_cookie(response: Response, *, house: House) -> None:
    """Take the sign-in cookie away, by its age alone: a date would tell the server's clock."""
    _set(response, house=house, value="", age=0)


def _set(response: Response, *, house: House, value: str, age: int) -> None:
    response.set_cookie(
        cookie_name(house),
        value,
        max_age=age,
        httponly=True,
        samesite="lax",
        secure=house.settings.https,
        path="/",
    )


def _seal(house: House, token: str) -> str:
    key = _key(house.settings.home)
    return hmac.new(key, f"cookie {token}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _key(home: Path) -> bytes:
    return secret_key(home)
