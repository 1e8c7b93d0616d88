"""A film that is unfit for a sentinel is remembered, so that it is not tried again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.add_column("likenesses", sa.Column("unfit_sha256", sa.String(64), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("likenesses", "unfit_sha256")
