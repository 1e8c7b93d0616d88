"""The seal on the sign-in cookie: a row in the database alone opens no door."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import signin
from app.accounts.tables import User, UserSession
from app.settings import secret_key
from app.web.cookies import sealed
from tests.web.conftest import Town

TOKEN = "a-token-that-nobody-gave-out"


@pytest.fixture
def forged(town: Town) -> Town:
    """A town in which somebody wrote a sign-in row of an admin, without the key."""
    with town.house.sessions.begin() as session:
        admin = session.scalars(select(User).where(User.name == "alpha-admin")).one()
        row = UserSession(
            token_sha256=signin.digest(TOKEN),
            user_id=admin.id,
            created_at=town.clock.now(),
            expires_at=town.clock.now() + timedelta(hours=1),
        )
        session.add(row)
    return town


@pytest.mark.parametrize("value", [TOKEN, f"{TOKEN}.", f"{TOKEN}.{'0' * 64}", f".{TOKEN}", "é"])
def test_a_cookie_without_our_seal_is_nobodys(forged: Town, value: str) -> None:
    answer = forged.visitor().get(
        "/admin/studies", headers=[(b"cookie", f"maskballot={value}".encode())]
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_the_same_row_with_our_seal_is_the_admins(forged: Town) -> None:
    value = sealed(forged.house, TOKEN)
    answer = forged.visitor().get("/admin/studies", headers={"cookie": f"maskballot={value}"})
    assert answer.status_code == 200


def test_the_key_is_the_owners_alone(town: Town) -> None:
    home = town.house.settings.home
    first = secret_key(home)
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert secret_key(home) == first
    assert len(first) == 32
