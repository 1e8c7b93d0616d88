"""What every test has: fixtures from `tests.support`, no network, no skip unseen."""

import os
from collections.abc import Generator

import hypothesis
import pytest

from tests.support.sockets import forbid_the_outside

# A property holds or it does not; how long a busy machine takes to say so is no part of it.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

NO_SKIPS = bool(os.environ.get("MASKBALLOT_NO_SKIPS"))

pytest_plugins = ["tests.support.database", "tests.support.places"]


def pytest_configure(config: pytest.Config) -> None:
    """Close the door."""
    forbid_the_outside()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where all extras are said to be there (`MASKBALLOT_NO_SKIPS`), a skip is a failure."""
    report = yield
    if report.skipped and NO_SKIPS and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """And so is a module that skips itself."""
    report = yield
    if report.skipped and NO_SKIPS:
        report.outcome = "failed"
    return report
