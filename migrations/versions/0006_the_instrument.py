"""The instrument: kinds of ballots, returns after a washout, likeness of masks, more of a vote.

Columns are added and dropped one by one: a table that was made anew would lose its triggers.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

READER = "maskballot_reader"


def columns() -> dict[str, list[sa.Column[Any]]]:
    """Return the new columns of each table; made anew, for a column belongs to one table."""
    return {
        "ballots": [
            sa.Column("kind", sa.String(length=40), nullable=False, server_default="choice"),
            sa.Column("native", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("asks_guess", sa.Boolean(), nullable=False, server_default=sa.false()),
        ],
        "case_orders": [
            sa.Column("blank", sa.Boolean(), nullable=False, server_default=sa.false()),
        ],
        "candidates": [
            sa.Column("native_sha", sa.String(length=64), nullable=True),
            sa.Column("fidelity", sa.Double(), nullable=True),
        ],
        "candidate_origins": [sa.Column("author", sa.String(length=200), nullable=True)],
        "films": [sa.Column("mask_author", sa.String(length=200), nullable=True)],
        "votes": [
            sa.Column("worst_position", sa.Integer(), nullable=True),
            sa.Column("guess_position", sa.Integer(), nullable=True),
            sa.Column("reading_ms", sa.Integer(), nullable=True),
            sa.Column("paused_ms", sa.Integer(), nullable=True),
            sa.Column("sitting", sa.Integer(), nullable=True),
        ],
    }


def upgrade() -> None:
    """Apply."""
    for table, added in columns().items():
        for column in added:
            op.add_column(table, column)
    _create_returns()
    _create_hands()
    _create_likenesses()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON returns, hands TO {READER}")


def downgrade() -> None:
    """Take back. Ballots that hold no place of their own, and their votes, stay where they are."""
    op.drop_table("likenesses")
    op.drop_table("hands")
    op.drop_index("ix_returns_study_id_physician_id_due_at", "returns")
    op.drop_index("ix_returns_study_id_physician_id_due_after", "returns")
    op.drop_table("returns")
    for table, added in columns().items():
        for column in reversed(added):
            op.drop_column(table, column.name)


def _create_returns() -> None:
    op.create_table(
        "returns",
        sa.Column("physician_id", sa.Integer(), nullable=False),
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("repeat_no", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.Integer(), nullable=True),
        sa.Column("dealt", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["film_id"], ["films.id"], name=op.f("fk_returns_film_id_films")),
        sa.ForeignKeyConstraint(
            ["physician_id"], ["users.id"], name=op.f("fk_returns_physician_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_returns_study_id_studies")
        ),
        sa.PrimaryKeyConstraint("physician_id", "film_id", "repeat_no", name=op.f("pk_returns")),
    )
    for due in ("due_after", "due_at"):
        op.create_index(
            f"ix_returns_study_id_physician_id_{due}",
            "returns",
            ["study_id", "physician_id", due],
        )


def _create_hands() -> None:
    op.create_table(
        "hands",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("physician_id", sa.Integer(), nullable=False),
        sa.Column("dealt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["physician_id"], ["users.id"], name=op.f("fk_hands_physician_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["studies.id"], name=op.f("fk_hands_study_id_studies")
        ),
        sa.PrimaryKeyConstraint("study_id", "physician_id", name=op.f("pk_hands")),
    )
    # Ballots that were dealt keep their numbers; the next one's is above them all.
    op.execute(
        "INSERT INTO hands (study_id, physician_id, dealt) "
        "SELECT o.study_id, o.physician_id, COALESCE((SELECT max(b.ordinal) + 1 FROM ballots b "
        "WHERE b.study_id = o.study_id AND b.physician_id = o.physician_id), 0) "
        "FROM (SELECT DISTINCT study_id, physician_id FROM case_orders) o"
    )


def _create_likenesses() -> None:
    op.create_table(
        "likenesses",
        sa.Column("film_id", sa.Integer(), nullable=False),
        sa.Column("disagreement", sa.Double(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["film_id"], ["films.id"], name=op.f("fk_likenesses_film_id_films")
        ),
        sa.PrimaryKeyConstraint("film_id", name=op.f("pk_likenesses")),
    )
