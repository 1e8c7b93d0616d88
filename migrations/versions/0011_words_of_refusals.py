"""What was refused or noted, and how films differ, can be said in another language."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("refused_films") as table:
        table.add_column(sa.Column("told", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("mask_kind", sa.String(length=40), nullable=True))
    op.add_column("film_views", sa.Column("change", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("runs", sa.Column("told", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("runs", "told")
    op.drop_column("film_views", "change")
    with op.batch_alter_table("refused_films") as table:
        table.drop_column("mask_kind")
        table.drop_column("told")
