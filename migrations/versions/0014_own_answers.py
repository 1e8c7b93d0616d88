"""Each ballot has the number of its newest vote: own answers are listed without reading all."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEX = "ix_ballots_study_id_physician_id_vote_no"
COUNTS = ("voted", "votes")

# As each vote would have been numbered when it was given.
NUMBER = """
UPDATE ballots SET vote_no = newest.vote_no
FROM (
    SELECT ballot_id, max(vote_no) AS vote_no
    FROM (
        SELECT votes.ballot_id, row_number() OVER (
            PARTITION BY b.study_id, b.physician_id ORDER BY votes.id
        ) AS vote_no
        FROM votes JOIN ballots b ON b.id = votes.ballot_id
    ) AS numbered
    GROUP BY ballot_id
) AS newest
WHERE newest.ballot_id = ballots.id
"""
OWN = "b.study_id = hands.study_id AND b.physician_id = hands.physician_id"
COUNT = f"""
UPDATE hands SET
    voted = (SELECT count(b.vote_no) FROM ballots b WHERE {OWN}),
    votes = (SELECT coalesce(max(b.vote_no), 0) FROM ballots b WHERE {OWN})
"""


def upgrade() -> None:
    """Apply."""
    for name in COUNTS:
        op.add_column("hands", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ballots", sa.Column("vote_no", sa.Integer(), nullable=True))
    op.execute(NUMBER)
    op.create_index(INDEX, "ballots", ["study_id", "physician_id", "vote_no"])
    op.execute(COUNT)


def downgrade() -> None:
    """Take back."""
    op.drop_index(INDEX, "ballots")
    op.drop_column("ballots", "vote_no")
    for name in reversed(COUNTS):
        op.drop_column("hands", name)
