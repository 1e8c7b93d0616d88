"""Bring a database to the newest schema."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db.engine import make_engine
from app.settings import REPOSITORY


def config(url: str) -> Config:
    """Return Alembic's configuration for ``url``."""
    made = Config()
    made.set_main_option("script_location", str(REPOSITORY / "migrations"))
    made.attributes["url"] = url
    return made


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Say whether a table belongs to the models; the queue's tables are Procrastinate's."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def upgrade(url: str, revision: str = "head") -> None:
    """Apply all migrations that ``url`` lacks."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Go back to ``revision``."""
    command.downgrade(config(url), revision)


def is_current(url: str) -> bool:
    """Say whether the database stands at the newest migration."""
    engine = make_engine(url)
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_heads()
    engine.dispose()
    return set(present) == set(ScriptDirectory.from_config(config(url)).get_heads())
