"""A physician's own keys: kept with the account, bounded, and nobody else's."""

import pytest

from tests.web.conftest import Town

SETTINGS = "/account/keys/settings"
OWN = {
    "preset": "one-handed-left",
    "changes": {"invert": "KeyJ", "redo": "Shift+KeyU", "help": "?"},
    "single_keys": False,
    "at_once": True,
}


def test_keys_are_kept_with_the_account_and_are_nobody_elses(town: Town) -> None:
    assert town.visitor("alpha-1").put(SETTINGS, json=OWN).status_code == 200
    assert town.visitor("alpha-1").get(SETTINGS).json() == OWN
    assert town.visitor("alpha-2").get(SETTINGS).json() == {
        "preset": "two-handed",
        "changes": {},
        "single_keys": True,
        "at_once": False,
    }


def test_keys_can_be_changed_again(town: Town) -> None:
    anna = town.visitor("alpha-1")
    anna.put(SETTINGS, json=OWN)
    anna.put(SETTINGS, json={})
    assert anna.get(SETTINGS).json()["changes"] == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"changes": {"invert": "Control+KeyI"}},
        {"changes": {"invert": "Meta+KeyI"}},
        {"changes": {"invert": ""}},
        {"changes": {"invert": "KeyI" * 20}},
        {"changes": {"<script>": "KeyI"}},
        {"changes": {f"act-{number}": "KeyI" for number in range(201)}},
        {"preset": "three-handed"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_a_key_is_refused_and_changes_nothing(
    town: Town, wrong: dict[str, object]
) -> None:
    anna = town.visitor("alpha-1")
    anna.put(SETTINGS, json=OWN)
    assert anna.put(SETTINGS, json=wrong).status_code == 422
    assert anna.get(SETTINGS).json() == OWN


def test_the_account_leads_a_physician_to_the_keys_and_nobody_else(town: Town) -> None:
    assert "/account/keys" in town.visitor("alpha-1").get("/account").text
    assert "/account/keys" not in town.visitor("alpha-admin").get("/account").text
