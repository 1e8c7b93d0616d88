"""Each film's near code, and the near-identical film that its study had before.

Films that are there already have no row: they are not compared, nor is anything refused.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "film_views",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("near", sa.String(length=64), nullable=False),
        sa.Column("twin_id", sa.Integer(), nullable=True),
        sa.Column("differs", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_film_views_film_id_films")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_film_views_study_id_studies")
        ),
        sa.ForeignKeyConstraint(
            ["twin_id"], ["films.id"], name=op.f("fk_film_views_twin_id_films")
        ),
        sa.PrimaryKeyConstraint("film_id", name=op.f("pk_film_views")),
    )
    op.create_index(op.f("ix_film_views_study_id"), "film_views", ["study_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_film_views_study_id"), "film_views")
    op.drop_table("film_views")
