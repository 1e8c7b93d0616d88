"""Server-sent events: how far a run is, read from the database, so that any process can tell."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.problems import Problem
from app.runs.runs import run_of
from app.studies.studies import study_for
from app.web.fields import Key, RowId
from app.web.house import House
from app.web.pages.admin.own_study import OwnStudy, address_of
from app.web.pages.admin.runs_views import RunCard, run_card
from app.web.security import Full, HouseDep, admin

router = APIRouter(include_in_schema=False)

EVERY_SECONDS = 1.0
# A stream ends now and then, so that a shut-down never waits for a forgotten tab; the browser
# connects again by itself.
LONGEST_SECONDS = 300


def own_run(run_id: RowId, study: OwnStudy, session: Full) -> int:
    """The id of a run of the admin's own study. Raises `NotFound`."""
    return run_of(session, study_id=study.id, run_id=run_id).id


@router.get("/admin/studies/{key}/runs/{run_id}/events", response_class=EventSourceResponse)
async def run_events(
    request: Request,
    key: Key,
    run_id: Annotated[int, Depends(own_run, scope="function")],
    house: HouseDep,
) -> AsyncIterator[ServerSentEvent]:
    """Send the run's card every second until the run is over."""
    for _ in range(round(LONGEST_SECONDS / EVERY_SECONDS)):
        try:
            card = await run_in_threadpool(_look, request, house, key, run_id)
        except Problem:
            # Signed out, or no longer an admin here: the next connection is told so.
            return
        yield ServerSentEvent(data=asdict(card), event="progress")
        if not card.unfinished:
            return
        await anyio.sleep(EVERY_SECONDS)


def _look(request: Request, house: House, key: str, run_id: int) -> RunCard:
    with house.sessions() as session:
        # Looking must not wait for a writer, nor make one wait.
        session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        return _card(request, house, session, key, run_id)


def _card(request: Request, house: House, session: Session, key: str, run_id: int) -> RunCard:
    user = admin(request, house, session)
    study = study_for(session, user=user, key=key, role=Role.ADMIN)
    run = run_of(session, study_id=study.id, run_id=run_id)
    return run_card(run, study_address=address_of(study), now=house.clock.now())
