"""Alembic's entry: one linear history for SQLite and PostgreSQL."""

from alembic import context

import app.tables  # noqa: F401  (registers every table)
from app.db.base import Base
from app.db.engine import make_engine
from app.db.migrate import is_ours

engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
