"""The report laid out: its page with pictures, and one file that needs no other."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from app import RESEARCH_ONLY, __version__
from app.blobs.store import BlobStore
from app.clock import Clock
from app.reports.gather import gather
from app.reports.page import StudyReportPage, page_of
from app.reports.pictures import pictures
from app.reports.report import Report, may_unblind, report
from app.settings import REPOSITORY
from app.studies.tables import Study

PICTURES = 6


def illustrated(
    session: Session, blobs: BlobStore, study: Study, *, clock: Clock, asked: bool
) -> tuple[Report, StudyReportPage]:
    """Return the study's report and its page, with pictures of the most disputed films."""
    if not may_unblind(study, asked=asked):
        blind = report(session, study, clock=clock)
        return blind, page_of(blind, [])
    votes = gather(session, study)
    found = report(session, study, clock=clock, asked=asked, gathered=votes)
    assert found.unblinded is not None, "asked for, or settled"
    shown = pictures(session, blobs, votes, found.unblinded.findings.disputes[:PICTURES])
    return found, page_of(found, shown)


def as_html(page: StudyReportPage) -> str:
    """Return the page as one file."""
    return _environment().get_template("reports/study.html").render(page=page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([REPOSITORY / "templates", REPOSITORY / "static"]),
        autoescape=select_autoescape(["html", "svg"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"research_only": RESEARCH_ONLY, "version": __version__}
    return environment
