"""Refused films are remembered, so that an admin can see which and why."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "refused_films",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_refused_films_study_id_studies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_films")),
        sa.UniqueConstraint("study_id", "name", name=op.f("uq_refused_films_study_id_name")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("refused_films")
