"""Alembic's entry: one linear history for SQLite and PostgreSQL."""

from alembic import context
from sqlalchemy import text

import app.tables  # noqa: F401  (registers every table)
from app.db.base import Base
from app.db.engine import make_engine
from app.db.migrate import is_ours

# Any number, as long as nothing else here locks it.
UPGRADING = 20_260_105

engine = make_engine(context.config.attributes["url"])
# One transaction from the first look at the version to the last step, on SQLite too, where Alembic
# would commit after each step: several processes may upgrade at once, and all but one must wait.
with engine.begin() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # SQLite's BEGIN IMMEDIATE makes them wait as well.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADING})"))
        context.run_migrations()
engine.dispose()
