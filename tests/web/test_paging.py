"""Pages of a long list cover it once, whatever its length."""

from hypothesis import given
from hypothesis import strategies as st

from app.web.paging import Paging

totals = st.integers(0, 500)
sizes = st.integers(1, 60)


@given(total=totals, size=sizes)
def test_the_pages_cover_every_row_once(total: int, size: int) -> None:
    pages = Paging(total=total, number=1, address="/list", size=size).pages
    shown: list[int] = []
    for number in range(1, pages + 1):
        page = Paging(total=total, number=number, address="/list", size=size)
        assert page.offset == max(0, page.first - 1)
        shown += range(page.first, page.last + 1) if total else []
    assert shown == list(range(1, total + 1))


@given(total=totals, size=sizes, number=st.integers(-5, 1000))
def test_any_number_leads_to_a_page_of_the_list(total: int, size: int, number: int) -> None:
    page = Paging(total=total, number=number, address="/list", size=size)
    assert 1 <= page.current <= page.pages


def test_the_ends_have_no_page_beyond() -> None:
    first = Paging(total=120, number=1, address="/list")
    last = Paging(total=120, number=3, address="/list")
    assert (first.previous_url, first.next_url) == ("", "/list?page=2")
    assert (last.previous_url, last.next_url) == ("/list?page=2", "")


def test_other_parameters_of_an_address_stay() -> None:
    assert Paging(total=120, number=1, address="/l?name=a").next_url == "/l?name=a&page=2"
