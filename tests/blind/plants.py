"""Leaks, planted one at a time: each is a mistake that somebody could make in good faith.

A plant changes the running application so that an origin shows, somewhere, in some way. The swap
test must see every one of them, or it would not see the real ones either.
"""

import zlib
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from importlib import import_module
from typing import Any

import pytest
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ballots.coming import Upcoming, of_ballot
from app.ballots.tables import Ballot, Slot
from app.blobs.store import BlobStore
from app.proposals.origins import MANUAL, CandidateOrigin
from app.proposals.tables import Candidate
from app.web import errors
from app.web.house import House
from tests.blind.twins import full_session, stored_file

# Asked by name: what is planted is planted where the routes look their helpers up.
ballot_routes: Any = import_module("app.web.pages.ballot")
physician_routes: Any = import_module("app.web.pages.physician")

Plant = Callable[[pytest.MonkeyPatch, House], None]


def shown(house: House, ballot: Ballot | Upcoming) -> list[tuple[Slot, Candidate, CandidateOrigin]]:
    """What stands in the ballot's slots, with its origins: read as no reading route can."""
    one = ballot if isinstance(ballot, Upcoming) else of_ballot(ballot)
    query = select(Candidate, CandidateOrigin).join(
        CandidateOrigin, CandidateOrigin.candidate_id == Candidate.id
    )
    with full_session(house) as session:
        found = {row[0].id: row for row in session.execute(query)}
    return [
        (Slot(position=position, candidate_id=candidate_id), *found[candidate_id])
        for position, candidate_id in enumerate(one.candidates)
    ]


def in_bundle_header(
    patch: pytest.MonkeyPatch, name: str, value: Callable[[BlobStore, Ballot | Upcoming], str]
) -> None:
    """Add a header to the bundle's answer."""
    bundle = ballot_routes.bundle
    said: list[str] = []

    def leaky(session: Session, blobs: BlobStore, ballot: Ballot | Upcoming) -> bytes:
        said.append(value(blobs, ballot))
        masks: bytes = bundle(session, blobs, ballot)
        return masks

    class Leaky(Response):
        def init_headers(self, headers: Any = None) -> None:
            super().init_headers(headers)
            if said and self.media_type == "application/octet-stream":
                self.headers[name] = said.pop()

    patch.setattr(ballot_routes, "bundle", leaky)
    patch.setattr(ballot_routes, "Response", Leaky)


def in_page(patch: pytest.MonkeyPatch, words: Callable[[Ballot], str]) -> None:
    """Add words to the ballot's page."""
    make = physician_routes.dealt_view
    show = physician_routes.render
    said: list[str] = []

    def noting(ballot: Ballot, *rest: Any, **named: Any) -> Any:
        said.append(words(ballot))
        return make(ballot, *rest, **named)

    def leaky(request: Request, template: str, page: Any, *, status: int = 200) -> HTMLResponse:
        answer: HTMLResponse = show(request, template, page, status=status)
        if not said:
            return answer
        html = bytes(answer.body).decode().replace("</main>", f"{said.pop()}</main>")
        return HTMLResponse(html, status_code=status)

    patch.setattr(physician_routes, "dealt_view", noting)
    patch.setattr(physician_routes, "render", leaky)


def candidate_ids_in_the_page(patch: pytest.MonkeyPatch, house: House) -> None:
    """Ids are given in the order of creation, and hand-drawn masks come first."""
    in_page(patch, lambda b: " ".join(str(c.id) for _, c, _ in shown(house, b)))


def a_networks_name_in_an_alt_text(patch: pytest.MonkeyPatch, house: House) -> None:
    """Somebody meant well by blind users."""
    in_page(patch, lambda b: "".join(f'<img alt="{o.network}">' for _, _, o in shown(house, b)))


def slots_listed_in_the_order_of_sources(patch: pytest.MonkeyPatch, house: House) -> None:
    """A query that sorts by origin: only letters are shown, but their order tells."""

    def words(ballot: Ballot) -> str:
        rows = sorted(shown(house, ballot), key=lambda row: row[2].source)
        return "".join("ABCD"[slot.position] for slot, _, _ in rows)

    in_page(patch, words)


def a_dictionary_in_the_order_it_was_filled(patch: pytest.MonkeyPatch, house: House) -> None:
    """A dictionary remembers in which order candidates were computed."""

    def words(ballot: Ballot) -> str:
        filled = {c.id: "ABCD"[s.position] for s, c, _ in shown(house, ballot)}
        return str([filled[candidate_id] for candidate_id in sorted(filled)])

    in_page(patch, words)


def an_etag_from_the_stored_file(patch: pytest.MonkeyPatch, house: House) -> None:
    """As every file server makes it: from time and size."""

    def value(blobs: BlobStore, ballot: Ballot | Upcoming) -> str:
        stats = [stored_file(blobs, c.grid_sha).stat() for _, c, _ in shown(house, ballot)]
        return "-".join(f"{stat.st_mtime_ns:x}" for stat in stats)

    in_bundle_header(patch, "ETag", value)


def a_files_date(patch: pytest.MonkeyPatch, house: House) -> None:
    """Last-Modified of the mask in slot A."""

    def value(blobs: BlobStore, ballot: Ballot | Upcoming) -> str:
        first = shown(house, ballot)[0][1]
        return formatdate(stored_file(blobs, first.grid_sha).stat().st_mtime, usegmt=True)

    in_bundle_header(patch, "Last-Modified", value)


def compressed_lengths(patch: pytest.MonkeyPatch, house: House) -> None:
    """Each mask's stored length: encoders differ."""

    def value(blobs: BlobStore, ballot: Ballot | Upcoming) -> str:
        return ",".join(str(len(blobs.get(c.mask_sha))) for _, c, _ in shown(house, ballot))

    in_bundle_header(patch, "X-Lengths", value)


def a_server_timing_header(patch: pytest.MonkeyPatch, house: House) -> None:
    """What was stored takes no time; what is computed live does."""

    def value(blobs: BlobStore, ballot: Ballot | Upcoming) -> str:
        kinds = [origin.kind for _, _, origin in shown(house, ballot)]
        return ", ".join(f"{i};dur={0 if kind == MANUAL else 31}" for i, kind in enumerate(kinds))

    in_bundle_header(patch, "Server-Timing", value)


def a_log_line_in_a_500_page(patch: pytest.MonkeyPatch, house: House) -> None:
    """The bundle of some ballots fails, and the page says why."""

    def failing(session: Session, blobs: BlobStore, ballot: Ballot | Upcoming) -> bytes:
        raise RuntimeError(f"cannot read mask of {shown(house, ballot)[0][2].source}")

    async def talkative(request: Request, error: Exception) -> Response:
        return HTMLResponse(f"<pre>{error}</pre>", status_code=500)

    patch.setattr(ballot_routes, "bundle", failing)
    patch.setattr(errors, "on_crash", talkative)


def an_empty_proposal_dropped(patch: pytest.MonkeyPatch, house: House) -> None:
    """A network that found nothing gets no slot; an empty hand-drawn mask keeps its own."""
    bundle = ballot_routes.bundle

    def fewer(session: Session, blobs: BlobStore, ballot: Ballot | Upcoming) -> bytes:
        empty = [
            slot
            for slot, candidate, origin in shown(house, ballot)
            if candidate.area == 0 and origin.kind != MANUAL
        ]
        masks: bytes = bundle(session, blobs, ballot)
        return masks + bytes(len(empty))

    patch.setattr(ballot_routes, "bundle", fewer)


def a_networks_threshold(patch: pytest.MonkeyPatch, house: House) -> None:
    """A number that only networks have."""
    in_page(patch, lambda b: f"{[o.threshold for _, _, o in shown(house, b)]}")


def a_hint_after_the_answer(patch: pytest.MonkeyPatch, house: House) -> None:
    """The acknowledgement tells what was chosen: feedback, meant kindly."""
    answer = ballot_routes.answer

    def kind(session: Session, *, ballot: Ballot, sent: Any, clock: Any) -> Any:
        recorded = answer(session, ballot=ballot, sent=sent, clock=clock)
        rows = {slot.position: origin for slot, _, origin in shown(house, ballot)}
        chosen = [rows[position].kind for position in recorded.vote.positions]
        ballot.study.key = f"{ballot.study.key}?chosen={','.join(chosen)}"
        session.expunge(ballot.study)
        return recorded

    patch.setattr(ballot_routes, "answer", kind)


def a_slot_missing_for_an_empty_proposal(patch: pytest.MonkeyPatch, house: House) -> None:
    """A network found nothing, so the page has one letter less; the hand-drawn mask keeps its."""
    view = ballot_routes.dealt_view

    def shorter(ballot: Ballot, *rest: Any, **named: Any) -> Any:
        found = view(ballot, *rest, **named)
        empty = sum(c.area == 0 and o.kind != MANUAL for _, c, o in shown(house, ballot))
        return replace(found, letters=found.letters[: len(found.letters) - empty])

    patch.setattr(ballot_routes, "dealt_view", shorter)


def what_comes_in_the_order_of_creation(patch: pytest.MonkeyPatch, house: House) -> None:
    """`ahead` lists letters as its query found the candidates: by id, hand-drawn ones first."""
    view = ballot_routes.coming_view

    def ordered(one: Upcoming, *rest: Any) -> Any:
        found = view(one, *rest)
        letters = sorted(zip(one.candidates, found.letters, strict=True))
        return replace(found, letters="".join(letter for _, letter in letters))

    patch.setattr(ballot_routes, "coming_view", ordered)


def masks_compressed_one_by_one(patch: pytest.MonkeyPatch, house: House) -> None:
    """Each mask goes out as its maker compressed it: the tool beside the pen, or the network's."""

    def one_by_one(session: Session, blobs: BlobStore, ballot: Ballot | Upcoming) -> bytes:
        return b"".join(
            zlib.compress(blobs.get(candidate.grid_sha), 1 if origin.kind == MANUAL else 9)
            for _, candidate, origin in shown(house, ballot)
        )

    patch.setattr(ballot_routes, "bundle", one_by_one)


def the_question_only_where_it_helps(patch: pytest.MonkeyPatch, house: House) -> None:
    """Whose is it? is asked only where the hand-drawn mask stands in the first half."""
    view = ballot_routes.dealt_view

    def asking(ballot: Ballot, *rest: Any, **named: Any) -> Any:
        found = view(ballot, *rest, **named)
        places = [slot.position for slot, _, o in shown(house, ballot) if o.kind == MANUAL]
        return replace(found, asks_guess=bool(places) and places[0] < 2)

    patch.setattr(ballot_routes, "dealt_view", asking)


PLANTS: tuple[Plant, ...] = (
    candidate_ids_in_the_page,
    a_networks_name_in_an_alt_text,
    slots_listed_in_the_order_of_sources,
    a_dictionary_in_the_order_it_was_filled,
    an_etag_from_the_stored_file,
    a_files_date,
    compressed_lengths,
    a_server_timing_header,
    a_log_line_in_a_500_page,
    an_empty_proposal_dropped,
    a_networks_threshold,
    a_hint_after_the_answer,
    a_slot_missing_for_an_empty_proposal,
    what_comes_in_the_order_of_creation,
    masks_compressed_one_by_one,
    the_question_only_where_it_helps,
)
