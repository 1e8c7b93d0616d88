"""Which rows of a long list a page shows, and the addresses of the pages beside it."""

from dataclasses import dataclass

PAGE_SIZE = 50


@dataclass(frozen=True)
class Paging:
    """One page of a list of ``total`` rows; ``number`` counts from 1.

    ``address`` is the list's path, with ``?`` and other parameters if it has any. A number beyond
    the end means the last page, so that a stale link never leads to an empty list.
    """

    total: int
    number: int
    address: str
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def current(self) -> int:
        """Return the shown page's number, within the list."""
        return min(max(1, self.number), self.pages)

    @property
    def offset(self) -> int:
        """Return how many rows come before the page."""
        return (self.current - 1) * self.size

    @property
    def first(self) -> int:
        """Return the number of the first row shown, counted from 1."""
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return min(self.offset + self.size, self.total)

    @property
    def previous_url(self) -> str:
        """Return the address of the page before, or nothing."""
        return self.url(self.current - 1) if self.current > 1 else ""

    @property
    def next_url(self) -> str:
        """Return the address of the page after, or nothing."""
        return self.url(self.current + 1) if self.current < self.pages else ""

    def url(self, number: int) -> str:
        """Return the address of page ``number``."""
        joint = "&" if "?" in self.address else "?"
        return f"{self.address}{joint}page={number}"
