"""Candidates that are shown less faithfully than was agreed are found without looking at all."""

from collections.abc import Sequence

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_candidates_fidelity", "candidates", ["fidelity"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_candidates_fidelity", "candidates")
