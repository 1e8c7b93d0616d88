"""The protocol: what was agreed is what is read back, in later releases too."""

import json

import pytest
from pydantic import ValidationError

from app.studies.protocol import Design, Protocol, SequentialRule

# As version 0.1.0 stored it.
OLD = {
    "version": 1,
    "rule": {"kind": "fixed", "n": 2},
    "display": {"version": 1, "long_side": 768, "sigma": 1.5, "specks": 0.0002, "holes": 0.0002},
    "hand_drawn": True,
    "lease_minutes": 30,
}


def test_a_protocol_from_before_keeps_its_design() -> None:
    old = Protocol.model_validate(OLD)
    assert old.design.backbone_share == 1
    assert old.design.priority == "none"
    assert not old.design.merge
    assert old.design.repeat_share == old.design.draw_first_share == 0
    assert old.design.sentinel_share == old.display.native_share == 0
    assert not old.questions.worst
    assert old.questions.guess_share == old.questions.break_minutes == 0


def test_a_protocol_from_before_may_be_stored_again() -> None:
    old = Protocol.model_validate(OLD)
    assert Protocol.model_validate(json.loads(old.model_dump_json())) == old


def test_a_new_protocol_is_read_back_as_it_was_made() -> None:
    made = Protocol(rule=SequentialRule(), design=Design(repeat_share=0.25))
    assert Protocol.model_validate(made.model_dump(mode="json")) == made
    assert Protocol().design == Design()


@pytest.mark.parametrize("design", [{"repeat_share": 1.5}, {"backbone_share": -1}, {"x": 1}])
def test_a_design_out_of_bounds_is_refused(design: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Protocol.model_validate({"design": design})
