"""The near code of a film is kept by what keeps its view."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.twins.near import SAME_VIEW, likeness, near_code, read_codes
from app.twins.windows import whole
from tests.twins import changed
from tests.twins.changed import film, print_of

CODES = read_codes([near_code(print_of(film(seed))) for seed in range(8)])


@pytest.mark.parametrize("change", changed.SAME_VIEW)
def test_the_same_view_is_known_again(change: str) -> None:
    again = print_of(changed.SAME_VIEW[change](film(3)))
    alike = likeness(read_codes([near_code(again)])[0], CODES)
    assert np.flatnonzero(alike >= SAME_VIEW).tolist() == [3]


@given(arrays(np.uint8, (64, 64)))
def test_a_code_has_64_letters_and_reads_back(print_: np.ndarray) -> None:
    code = near_code(print_)
    if code:
        assert len(code) == 64
        assert likeness(read_codes([code])[0], whole(print_[np.newaxis]))[0] > 0.95


def test_a_film_of_one_grey_has_no_code() -> None:
    assert near_code(np.full((64, 64), 128, np.uint8)) == ""


@given(st.text(max_size=70))
def test_other_text_is_no_code(text: str) -> None:
    if len(text) != 64:
        with pytest.raises(ValueError, match="near code"):
            read_codes([text])
