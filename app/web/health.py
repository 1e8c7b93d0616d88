"""Whether this process can serve: for load balancers and container health checks."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import text

from app import __version__
from app.web.security import Reading

router = APIRouter()


def _database_answers(session: Reading) -> bool:
    return bool(session.scalar(text("SELECT 1")) == 1)


@router.get("/healthz", include_in_schema=False)
def healthz(database: Annotated[bool, Depends(_database_answers)]) -> dict[str, str | bool]:
    """Say that the process and its database answer."""
    return {"status": "ok", "database": database, "version": __version__}
