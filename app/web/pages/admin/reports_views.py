"""What the page of a study's report shows."""

from dataclasses import dataclass
from typing import ClassVar

from app.reports.page import StudyReportPage


@dataclass(frozen=True)
class ReportPage:
    """The report, and where the same lies for programs."""

    template: ClassVar[str] = "admin/report.html"

    address: str
    csv: str
    json: str
    report: StudyReportPage
