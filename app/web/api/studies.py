"""Studies, their films and their settlements, for programs of their admins."""

from fastapi import APIRouter

from app.accounts.roles import Role
from app.conduct import watching
from app.settlement.listing import settlements_after
from app.studies.studies import studies_of
from app.web.api.cursors import LIMIT, After, Limit, cursor_after
from app.web.api.models import FilmOut, Page, SettlementOut, StudyOut
from app.web.api.own_study import OwnStudy
from app.web.api.problems import problems
from app.web.security import AdminProgram, Full

router = APIRouter(prefix="/api/v1/studies", tags=["studies"], responses=problems(400, 403))


@router.get("", summary="List your studies")
def list_studies(
    user: AdminProgram, session: Full, after: After, limit: Limit = LIMIT
) -> Page[StudyOut]:
    """Return the studies that the token's admin administers, newest first."""
    studies, total = studies_of(session, user=user, role=Role.ADMIN, offset=after, limit=limit)
    answers = watching.answers(session, studies)
    end = after + len(studies)
    return Page(
        items=[StudyOut.of(study, answers[study.id]) for study in studies],
        next=cursor_after(end) if end < total else None,
    )


@router.get("/{key}", summary="Show a study", responses=problems(404))
def show_study(study: OwnStudy, session: Full) -> StudyOut:
    """Return one study: where it stands and how many answers it has."""
    return StudyOut.of(study, watching.answers(session, [study])[study.id])


@router.get("/{key}/films", summary="List a study's films", responses=problems(404))
def list_films(study: OwnStudy, session: Full, after: After, limit: Limit = LIMIT) -> Page[FilmOut]:
    """Return the study's films in the order of their import."""
    lines = watching.films_after(session, study, after=after, limit=limit)
    full = len(lines) == limit
    return Page(
        items=[FilmOut.of(line) for line in lines],
        next=cursor_after(lines[-1].film.id) if full else None,
    )


@router.get("/{key}/settlements", summary="List a study's settlements", responses=problems(404))
def list_settlements(
    study: OwnStudy, session: Full, after: After, limit: Limit = LIMIT
) -> Page[SettlementOut]:
    """Return what the study's cases came to; nothing before it is settled."""
    settled = settlements_after(session, study, after=after, limit=limit)
    full = len(settled) == limit
    return Page(
        items=[SettlementOut.of(one) for one in settled],
        next=cursor_after(settled[-1].settlement.id) if full else None,
    )
