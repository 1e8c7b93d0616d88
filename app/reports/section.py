"""A part of the report's page, as text and points. Pure."""

from dataclasses import dataclass, field

from app.evaluation.curves import Chart
from app.evaluation.tables import Table
from app.reports.charts import Dots


@dataclass(frozen=True)
class Section:
    """A part of the report: words, figures in rows and charts, then remarks."""

    title: str
    lead: str = ""
    tables: list[Table] = field(default_factory=list)
    dots: list[Dots] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    empty: str = ""
    """What to do where there is nothing to show yet."""
