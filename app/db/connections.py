"""PostgreSQL: whether a connection of the pool still stands, mostly without asking its server.

What a server that ends a connection sends lies in the socket, and is seen there at no cost. Only
where something lies there, or nobody used the connection for a while (a network may have dropped
it in silence), the server is asked.
"""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

WHILE = 30.0  # seconds


def watch(engine: Engine) -> None:
    """Hand out no connection of ``engine`` that its server has ended."""
    errors = engine.dialect.loaded_dbapi.Error

    def used(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    def look(connection: Any, record: Any, _handed_out: Any) -> None:
        if "used" not in record.info:
            return  # fresh
        try:
            long_ago = time.monotonic() - record.info["used"] > WHILE
            if long_ago or _something_lies_there(connection):
                engine.dialect.do_ping(connection)
        except errors as error:
            # The pool makes a new one, and new ones of all that are as old.
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", used)
    event.listen(engine, "checkout", look)


def _something_lies_there(connection: Any) -> bool:
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))
