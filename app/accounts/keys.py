"""A reader's own keys on a ballot: a preset, and what was changed upon it. Pure.

Keys go by their place on the board (`KeyboardEvent.code`), with "Shift+" in front if shift is held.
Which acts there are, and that no key does two things, is known where the acts are: in the browser
(`static/physician/keymap.js`). Here is bounded what an account may keep.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Act = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
"""The name of something that a reader can do."""

Code = Annotated[str, StringConstraints(pattern=r"^(\?|(Shift\+)?[A-Z][A-Za-z0-9]{0,29})$")]
"""The place of a key: "KeyQ", "Shift+Digit1"; "?" alone goes by what is printed."""


class Preset(StrEnum):
    """Where the hands lie."""

    TWO_HANDED = "two-handed"
    LEFT = "one-handed-left"


class KeySettings(BaseModel):
    """What one reader's keys do; ``changes`` are keys of acts that differ from the preset's."""

    model_config = ConfigDict(extra="forbid")

    preset: Preset = Preset.TWO_HANDED
    changes: Annotated[dict[Act, Code], Field(max_length=200)] = {}
    single_keys: bool = True
    """Whether letters, digits and signs do anything at all (WCAG 2.1.4)."""
    at_once: bool = False
    """Whether choosing confirms, without a second press."""
