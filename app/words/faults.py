"""What is wrong with a value that somebody wrote, in the catalogue's words.

The library that checks values speaks English alone; its kinds of faults are told apart here. The
API goes on in its words, which programs may have come to know.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.problems import Problem
from app.words import N_

WHOLE = N_("must be a whole number")
NUMBER = N_("must be a number")
YES_OR_NO = N_("must be yes or no")
TEXT = N_("must be text")
BUILT = N_("is not built as expected")
UNKNOWN = N_("is not as expected")

SENTENCES = {
    "missing": N_("is missing"),
    "extra_forbidden": N_("is not known here"),
    "greater_than_equal": N_("must be {ge} or more"),
    "less_than_equal": N_("must be {le} or less"),
    "greater_than": N_("must be more than {gt}"),
    "less_than": N_("must be less than {lt}"),
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "int_parsing_size": N_("is too large a number"),
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "bool_type": YES_OR_NO,
    "bool_parsing": YES_OR_NO,
    "string_type": TEXT,
    "string_unicode": TEXT,
    "string_too_long": N_("must have {max_length} letters at most"),
    "string_too_short": N_("must have {min_length} letters at least"),
    "string_pattern_mismatch": N_("is not written as expected"),
    "too_long": N_("must have {max_length} entries at most"),
    "too_short": N_("must have {min_length} entries at least"),
    "literal_error": N_("must be {expected}"),
    "enum": N_("must be {expected}"),
    "json_invalid": N_("is no JSON"),
    "json_type": N_("is no JSON"),
    "model_type": BUILT,
    "model_attributes_type": BUILT,
    "dict_type": BUILT,
    "list_type": BUILT,
    "tuple_type": BUILT,
}
"""By the kind of fault, what follows the field's name."""

CHOICE = re.compile(r"'[^']*'|[^\s,']+(?=,| or |$)")


def fault_of(fault: Mapping[str, Any]) -> Problem:
    """Return what a pydantic fault means. ``app.words.speaking.told`` says it.

    Checks of our own raise ``ValueError(N_("must …"))``, whose text stands in the catalogue.
    """
    kind, context = str(fault["type"]), fault.get("ctx") or {}
    if kind == "value_error":
        return Problem(str(context["error"]))
    sentence = SENTENCES.get(kind, UNKNOWN)
    return Problem(sentence, **_filling(sentence, context))


def _filling(sentence: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what fills the ``{name}`` of ``sentence``; of choices, all of them."""
    values = {name: value for name, value in context.items() if f"{{{name}}}" in sentence}
    if "expected" in values:
        values["expected"] = tuple(CHOICE.findall(values["expected"]))
    return values
