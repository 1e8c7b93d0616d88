"""What maskballot runs on may be used with it: nothing under the GPL."""

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.commands import REPOSITORY

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==(\S+)$", re.MULTILINE)
# The lesser GPL asks for nothing more of who only imports a library: psycopg and its parts.
LESSER = re.compile(r"lesser general public|LGPL", re.IGNORECASE)
STRONG = re.compile(r"general public licen|\b[AL]?GPL", re.IGNORECASE)


def pinned(file: str) -> list[tuple[str, str]]:
    return PINNED.findall((REPOSITORY / file).read_text())


def licences(name: str) -> list[str]:
    about = metadata.metadata(name)
    expressions = about.get_all("License-Expression") or []
    # Some put the whole text here; its first line names it.
    texts = [text.partition("\n")[0] for text in about.get_all("License") or []]
    classifiers = [line for line in about.get_all("Classifier") or [] if "License ::" in line]
    return [*expressions, *texts, *classifiers]


@pytest.mark.parametrize(("name", "version"), pinned("requirements.txt"))
def test_a_runtime_package_is_not_under_the_gpl(name: str, version: str) -> None:
    said = licences(name)
    assert said, f"{name} does not state its licence"
    strong = [one for one in said if STRONG.search(one) and not LESSER.search(one)]
    assert not strong


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_installed_is_what_is_pinned(file: str) -> None:
    wrong = {
        name: (version, metadata.version(name))
        for name, version in pinned(file)
        if metadata.version(name) != version
    }
    assert not wrong


@pytest.mark.parametrize("name", ["pylibjpeg-libjpeg", "krippendorff"])
def test_packages_under_the_gpl_are_named_nowhere(name: str) -> None:
    for file in REPOSITORY.glob("requirements*.txt"):
        assert not [pin for pin in pinned(file.name) if pin[0] == name]


def test_every_package_that_another_needs_is_pinned() -> None:
    pins = {canonicalize_name(name) for name, _ in pinned("requirements.txt")}
    needed: set[str] = set()
    for name, _ in pinned("requirements.txt"):
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed.add(canonicalize_name(requirement.name))
    assert needed <= pins
