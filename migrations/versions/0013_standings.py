"""What candidates a film has is counted as they come: a page of a large study counts no more."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NO_MASK = sa.text("manual_mask_sha IS NULL")

# Every film with a candidate, of whatever source; only the study's own sources are counted.
FILL = sa.text(
    "INSERT INTO standings (film_id, study_id, have, planted) "
    "SELECT films.id, films.study_id, count(CASE WHEN origins.source IN :sources THEN 1 END), "
    "count(CASE WHEN origins.source = 'sentinel:good' THEN 1 END) > 0 "
    "FROM films JOIN candidate_origins AS origins ON origins.film_id = films.id "
    "WHERE films.study_id = :study GROUP BY films.id, films.study_id"
).bindparams(sa.bindparam("sources", expanding=True))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "standings",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("have", sa.Integer(), nullable=False),
        sa.Column("planted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["films.id"], name="fk_standings_film_id_films"),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_standings_study_id_studies"),
        sa.PrimaryKeyConstraint("film_id", name="pk_standings"),
    )
    op.create_index(
        "ix_standings_study_id_have_planted", "standings", ["study_id", "have", "planted"]
    )
    op.create_index(
        "ix_films_without_mask",
        "films",
        ["study_id", "id"],
        sqlite_where=NO_MASK,
        postgresql_where=NO_MASK,
    )
    _count()


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_films_without_mask", "films")
    op.drop_index("ix_standings_study_id_have_planted", "standings")
    op.drop_table("standings")


def _count() -> None:
    connection = op.get_bind()
    studies = connection.execute(sa.text("SELECT id, protocol, networks FROM studies")).all()
    for study_id, protocol, networks in studies:
        sources = [f"network:{name}" for name in _read(networks)]
        if _read(protocol).get("hand_drawn", True):
            sources.append("manual")
        connection.execute(FILL, {"study": study_id, "sources": sources})


def _read(stored: Any) -> Any:
    """Return JSON that one database hands out as text and the other as what it says."""
    return json.loads(stored) if isinstance(stored, str) else stored
