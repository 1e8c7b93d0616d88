"""The browser dies in the middle of a drawing."""

import contextlib
import os
import signal
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, Room, painted, press_and_go_on
from tests.browser.test_drawing import drag, stored
from tests.browser.test_drawing_tools import kept, open_sheet

# What a browser says while the rest of a crashed one still holds the files.
HELD = """{
  const open = indexedDB.open.bind(indexedDB);
  let times = 3;
  indexedDB.open = (...asked) => {
    if (asked[0] !== "maskballot-strokes" || times-- <= 0) return open(...asked);
    const error = new DOMException("Internal error opening backing store", "UnknownError");
    const request = { error };
    setTimeout(() => request.onerror());
    return request;
  };
}"""


def kill(profile: Path) -> None:
    """Kill the one browser that works in ``profile``."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            own = f"--user-data-dir={profile}".encode() in command
            if own and not any(part.startswith(b"--type=") for part in command):
                os.kill(int(entry.name), signal.SIGKILL)


def test_strokes_come_back_although_their_store_is_held_for_a_moment(ballot: Page) -> None:
    open_sheet(ballot)
    drag(ballot, (60, 50), (60, 120))
    kept(ballot, position=1, count=1)
    ballot.add_init_script(HELD)
    ballot.reload()
    painted(ballot)
    open_sheet(ballot)
    expect(ballot.get_by_role("button", name="Undo")).to_be_enabled()


def test_strokes_outlive_a_crash_of_the_browser(
    ballot: Page, browser: Browser, playwright: Playwright, room: Room, tmp_path: Path
) -> None:
    profile = tmp_path / "profile"
    cookies = ballot.context.cookies()

    def again() -> Page:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            viewport={"width": 1280, "height": 720},
        )
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(ballot.url)
        painted(page)
        open_sheet(page)
        return page

    first = again()
    drag(first, (60, 50), (60, 120))
    drag(first, (120, 50), (120, 120))
    kept(first, position=2, count=2)
    kill(profile)
    with contextlib.suppress(Error):
        first.context.close()
    for left in profile.glob("Singleton*"):
        left.unlink()
    second = again()
    expect(second.get_by_role("button", name="Undo")).to_be_enabled()
    press_and_go_on(second, "z", "Enter")
    mask = stored(room)
    second.context.close()
    assert mask[60, 55:115].all()
    assert not mask[110:130].any()
