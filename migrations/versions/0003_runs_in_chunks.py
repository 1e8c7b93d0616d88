"""Runs are cut into chunks; on PostgreSQL a queue tells the workers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "run_chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=40), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_chunks_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_chunks")),
    )
    op.create_index("ix_run_chunks_run_id_state", "run_chunks", ["run_id", "state"])
    with op.batch_alter_table("runs") as batch:
        batch.drop_column("claim")
    if op.get_bind().dialect.name == "postgresql":
        _execute_as_it_stands(SchemaManager.get_schema())


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        _execute_as_it_stands(DROP_QUEUE)
    with op.batch_alter_table("runs") as batch:
        batch.add_column(sa.Column("claim", sa.String(length=40), nullable=True))
    op.drop_index("ix_run_chunks_run_id_state", "run_chunks")
    op.drop_table("run_chunks")


def _execute_as_it_stands(statements: str) -> None:
    # Several statements at once, with percent signs of their own: past SQLAlchemy and parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(statements)


DROP_QUEUE = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT tablename AS name FROM pg_tables
        WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%'
    LOOP
        EXECUTE format('DROP TABLE %I CASCADE', found.name);
    END LOOP;
    FOR found IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
        AND p.proname LIKE 'procrastinate\\_%'
    LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', found.name);
    END LOOP;
    FOR found IN
        SELECT t.typname AS name FROM pg_type t
        WHERE t.typnamespace = current_schema()::regnamespace
        AND t.typname LIKE 'procrastinate\\_%'
    LOOP
        EXECUTE format('DROP TYPE %I CASCADE', found.name);
    END LOOP;
END $$
"""
