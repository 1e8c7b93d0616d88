"""Commands, run in this process."""

import pytest

from tests.support.commands import Commands


@pytest.fixture
def maskballot(capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(capsys)
