"""Keys as a physician wants them: changed on their page by keyboard, obeyed on every ballot."""

import pytest
from playwright.sync_api import Page, expect

from app.accounts.keys import KeySettings, Preset
from app.accounts.preferences import keep_key_settings, key_settings
from app.accounts.users import user_named
from tests.browser.conftest import READER, Room, painted, press_and_go_on

INVERT = '[data-do="invert"]'


def chosen(room: Room) -> KeySettings:
    with room.house.sessions() as session:
        return key_settings(session, user=user_named(session, READER))


def choose(room: Room, **settings: object) -> None:
    with room.house.sessions.begin() as session:
        own = KeySettings.model_validate(settings)
        keep_key_settings(session, user=user_named(session, READER), settings=own)


def first_ballot(reader: Page, room: Room) -> Page:
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    return painted(reader)


@pytest.fixture
def editor(reader: Page, room: Room) -> Page:
    """The page of keys, ready."""
    reader.goto(f"{room.url}/account/keys")
    reader.wait_for_selector("tr[data-act=invert]")
    return reader


def ask_for(editor: Page, act: str) -> None:
    editor.locator(f'tr[data-act="{act}"] button').focus()
    editor.keyboard.press("Enter")
    expect(editor.locator("#asking-key")).to_be_focused()


def test_a_key_is_changed_by_keyboard_and_obeyed_on_the_ballot(editor: Page, room: Room) -> None:
    ask_for(editor, "invert")
    editor.keyboard.press("Shift+KeyJ")
    expect(editor.locator("#state")).to_have_text("“invert the film” is now ⇧ J.")
    expect(editor.locator('tr[data-act="invert"] button')).to_be_focused()
    assert chosen(room).changes == {"invert": "Shift+KeyJ"}
    ballot = first_ballot(editor, room)
    ballot.keyboard.press("i")
    expect(ballot.locator(INVERT)).to_have_attribute("aria-pressed", "false")
    ballot.keyboard.press("Shift+KeyJ")
    expect(ballot.locator(INVERT)).to_have_attribute("aria-pressed", "true")
    expect(ballot.locator(f"{INVERT} kbd")).to_have_text("⇧J")


def test_a_key_that_does_something_else_is_refused_while_it_is_typed(
    editor: Page, room: Room
) -> None:
    ask_for(editor, "invert")
    editor.keyboard.press("n")
    refused = editor.locator("#asking-refused")
    expect(refused).to_contain_text("N does “no infection")
    editor.keyboard.press("Escape")
    expect(editor.locator("#asking")).to_be_hidden()
    assert chosen(room).changes == {}


def test_the_same_key_may_do_two_things_that_are_never_possible_at_once(
    editor: Page, room: Room
) -> None:
    ask_for(editor, "brush")
    editor.keyboard.press("g")  # free while drawing, whatever it does while comparing
    expect(editor.locator("#asking")).to_be_hidden()
    assert chosen(room).changes == {"brush": "KeyG"}


@pytest.mark.parametrize("pressed", ["Control+KeyJ", "Alt+KeyJ", "Meta+KeyJ", "F5"])
def test_keys_of_the_browser_are_refused_with_a_reason(
    editor: Page, room: Room, pressed: str
) -> None:
    ask_for(editor, "invert")
    editor.keyboard.press(pressed)
    expect(editor.locator("#asking-refused")).to_contain_text("belong")
    assert chosen(room).changes == {}


def test_all_keys_go_back_to_their_places(editor: Page, room: Room) -> None:
    ask_for(editor, "invert")
    editor.keyboard.press("Shift+KeyJ")
    editor.get_by_role("button", name="Give all keys back").click()
    expect(editor.locator('tr[data-act="invert"] kbd')).to_have_text("I")
    expect(editor.locator("#state")).to_contain_text("back")
    assert chosen(room).changes == {}


def test_every_act_of_a_ballot_stands_in_the_editor_with_key_and_words(editor: Page) -> None:
    acts: dict[str, dict[str, dict[str, str]]] = editor.evaluate(
        """async () => {
          const { groupsOfActs } = await import("/static/account/keys.js");
          const told = ({ code, words }) => ({ code, words });
          return Object.fromEntries(Object.entries(groupsOfActs()).map(([group, acts]) => [
            group, Object.fromEntries(Object.entries(acts).map(([name, act]) => [name, told(act)])),
          ]));
        }"""
    )
    acts.pop("guess")  # a question with the answers' own keys
    named = {name for group in acts.values() for name, act in group.items() if act["code"]}
    wordless = [name for group in acts.values() for name, act in group.items() if not act["words"]]
    assert wordless == []
    rows = editor.locator("tr[data-act]").evaluate_all(
        "rows => rows.map(row => [row.dataset.act, row.cells[1].textContent])"
    )
    assert {name for name, _ in rows} == named
    assert [name for name, cap in rows if not cap] == []


@pytest.mark.parametrize("preset", list(Preset))
def test_no_key_of_a_preset_does_two_things(editor: Page, preset: Preset) -> None:
    twice = editor.evaluate(
        """async preset => {
          const [{ groupsOfActs }, { PLAIN, codeFor, taken }] = await Promise.all(
            ["/static/account/keys.js", "/static/physician/keymap.js"].map(name => import(name)));
          const settings = { ...PLAIN, preset };
          const groups = groupsOfActs();
          return Object.values(groups)
            .flatMap(acts => Object.entries(acts))
            .filter(([, act]) => act.code)
            .map(([name, act]) => [name, codeFor(name, act.code, settings)])
            .map(([name, code]) => [name, code, taken(groups, name, code, settings)?.[0]])
            .filter(([, , other]) => other);
        }""",
        str(preset),
    )
    assert twice == []


def test_single_keys_can_be_switched_off(reader: Page, room: Room) -> None:
    choose(room, single_keys=False)
    ballot = first_ballot(reader, room)
    for key in ("1", "n", "u", "i", "Shift+KeyZ", "?"):
        ballot.keyboard.press(key)
    expect(ballot.locator('[aria-pressed="true"]')).to_have_count(1)  # the brush, by itself
    expect(ballot.locator("#keys")).to_be_hidden()
    ballot.locator('[data-do="choose-B"]').click()
    press_and_go_on(ballot, "Enter")  # no letter, digit or sign
    assert [vote.positions for vote in room.votes()] == [[1]]


def test_a_choice_confirms_at_once_if_the_reader_wants_it(reader: Page, room: Room) -> None:
    choose(room, at_once=True)
    press_and_go_on(first_ballot(reader, room), "3")
    assert [vote.positions for vote in room.votes()] == [[2]]


def test_a_whole_ballot_is_answered_with_the_left_hand_alone(reader: Page, room: Room) -> None:
    choose(room, preset="one-handed-left")
    ballot = first_ballot(reader, room)
    press_and_go_on(ballot, "2", "KeyF")
    assert [vote.positions for vote in room.votes()] == [[1]]
