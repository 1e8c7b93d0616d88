"""What is wrong with a value is said to people in the catalogue's words, to programs as ever."""

from pathlib import Path
from typing import Literal, get_args

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_core.core_schema import ErrorType

from app.networks.manifest import read_manifest
from app.networks.refusals import NetworkRefused
from app.words import speaking
from app.words.faults import SENTENCES, UNKNOWN, fault_of
from tests.support.tiny_networks import entry_toml
from tests.web.conftest import Town
from tests.web.languages import speak


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "language", lambda: "de")


class Asked(BaseModel, extra="forbid"):
    """Fields of every kind of bound that our forms and files have."""

    least: int = Field(ge=1)
    most: int = Field(le=15)
    above: float = Field(gt=0.5)
    below: float = Field(lt=1)
    name: str = Field(max_length=2)
    names: list[str] = Field(min_length=2)
    rule: Literal["fixed", "lead"]
    whole: int
    yes: bool
    there: int


def test_bounds_are_taken_from_what_is_found_wrong() -> None:
    wrong = {
        "least": 0,
        "most": 16,
        "above": 0.5,
        "below": 1,
        "name": "abc",
        "names": ["a"],
        "rule": "none",
        "whole": "many",
        "yes": "perhaps",
        "more": 1,
    }
    with pytest.raises(ValidationError) as found:
        Asked.model_validate(wrong)
    assert {fault["loc"][0]: str(fault_of(fault)) for fault in found.value.errors()} == {
        "least": "must be 1 or more",
        "most": "must be 15 or less",
        "above": "must be more than 0.5",
        "below": "must be less than 1.0",
        "name": "must have 2 letters at most",
        "names": "must have 2 entries at least",
        "rule": "must be 'fixed' or 'lead'",
        "whole": "must be a whole number",
        "yes": "must be yes or no",
        "there": "is missing",
        "more": "is not known here",
    }


def test_no_kind_of_fault_has_lost_its_name() -> None:
    assert set(SENTENCES) <= set(get_args(ErrorType))


@pytest.mark.parametrize(
    ("kind", "context", "english", "in_german"),
    [
        ("missing", {}, "is missing", "fehlt"),
        ("less_than_equal", {"le": 1500}, "must be 1,500 or less", "muss 1.500 oder weniger sein"),
        (
            "literal_error",
            {"expected": "'fixed', 'lead' or 'two-plus-one'"},
            "must be 'fixed' or 'lead' or 'two-plus-one'",
            "muss 'fixed' oder 'lead' oder 'two-plus-one' sein",
        ),
        ("value_error", {"error": ValueError("{0} is odd")}, "{0} is odd", "{0} is odd"),
        ("time_delta_parsing", {"error": "x"}, UNKNOWN, "ist nicht wie erwartet"),
    ],
)
def test_a_fault_is_said_with_its_bounds(
    german: None, kind: str, context: dict[str, object], english: str, in_german: str
) -> None:
    fault = fault_of({"type": kind, "ctx": context})
    assert str(fault) == english
    assert speaking.told(fault) == in_german


def test_a_fault_in_the_manifest_is_said_in_german(german: None, tmp_path: Path) -> None:
    written = entry_toml("a", files=[("a/x.onnx", "5ha", 1)])
    (tmp_path / "manifest.toml").write_text(f"schema = 1\n{written}")
    with pytest.raises(NetworkRefused) as refused:
        read_manifest(tmp_path)
    said = "network 'a', file.0.sha256: ist nicht so geschrieben wie erwartet (gefunden '5ha')."
    assert speaking.told(refused.value).endswith(said)
    assert speaking.retold(refused.value.packed()).endswith(said)


def test_a_form_says_its_faults_in_german_and_the_api_as_ever(town: Town) -> None:
    speak(town, "alpha-admin", "de")
    page = town.visitor("alpha-admin").post("/admin/studies", data={"name": "x", "n": "many"})
    assert page.status_code == 422
    assert "„n“: muss eine ganze Zahl sein" in page.text
    told = town.program("alpha-admin").get("/api/v1/studies?limit=0").json()
    assert told["detail"] == "limit: Input should be greater than or equal to 1"
