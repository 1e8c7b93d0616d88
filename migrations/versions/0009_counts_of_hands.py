"""What a large study needs to be quick: each hand's counts and mark, cases that came open again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTS = ("cases", "passed", "answered", "later", "waiting", "left")
OPEN = sa.text("taken < wanted")
AGAIN = sa.text("again")


def upgrade() -> None:
    """Apply."""
    for name in COUNTS:
        op.add_column("hands", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("hands", sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "case_orders", sa.Column("again", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_case_orders_again",
        "case_orders",
        ["study_id", "physician_id", "ordinal"],
        sqlite_where=sa.text("again = 1"),
        postgresql_where=AGAIN,
    )
    op.create_index(
        "ix_cases_open", "cases", ["study_id", "film_id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    _count()


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_cases_open", "cases")
    op.drop_index("ix_case_orders_again", "case_orders")
    op.drop_column("case_orders", "again")
    op.drop_column("hands", "counted_at")
    for name in reversed(COUNTS):
        op.drop_column("hands", name)


def _count() -> None:
    """Count what was dealt already. The mark stays at the start; the next ballot moves it on."""
    own = "b.study_id = hands.study_id AND b.physician_id = hands.physician_id"
    states = {
        "answered": "b.state = 'answered'",
        "later": "b.state = 'deferred'",
        "waiting": "b.state IN ('leased', 'expired')",
    }
    for name, state in states.items():
        op.execute(
            f"UPDATE hands SET {name} = (SELECT count(*) FROM ballots b WHERE {own} AND {state})"
        )
    op.execute(
        "UPDATE hands SET cases = (SELECT count(*) FROM case_orders o "
        "WHERE o.study_id = hands.study_id AND o.physician_id = hands.physician_id)"
    )
