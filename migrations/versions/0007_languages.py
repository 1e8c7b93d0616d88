"""The language of each account's pages."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "users", sa.Column("language", sa.String(length=16), server_default="", nullable=False)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("users", "language")
