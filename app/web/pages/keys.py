"""A physician's own keys: the page that changes them, and the settings that the ballot reads."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.accounts.keys import KeySettings
from app.accounts.preferences import keep_key_settings, key_settings
from app.web.render import render
from app.web.security import Physician, Reading

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class KeysPage:
    """The editor of keys. ``reader`` is whose keys they are; the acts are known to the browser."""

    template: ClassVar[str] = "account/keys.html"

    reader: str


@router.get("/account/keys")
def keys_page(request: Request, user: Physician) -> Response:
    """Show the editor."""
    return render(request, KeysPage.template, KeysPage(reader=user.name))


@router.get("/account/keys/settings")
def read_keys(user: Physician, session: Reading) -> KeySettings:
    """Tell which keys the physician has chosen."""
    return key_settings(session, user=user)


@router.put("/account/keys/settings")
def keep_keys(settings: KeySettings, user: Physician, session: Reading) -> KeySettings:
    """Keep the physician's keys."""
    keep_key_settings(session, user=user, settings=settings)
    return settings
