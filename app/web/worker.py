"""One of several web processes under ``maskballot serve --workers``."""

import os
import signal
from multiprocessing import connection, parent_process
from threading import Thread

from fastapi import FastAPI

from app.settings import settings
from app.web.house import build_house
from app.web.main import create_app, settle_memory


def application() -> FastAPI:
    """Return the application of this process, which ends when the process that started it does."""
    Thread(target=_end_with_parent, daemon=True).start()
    app = create_app(build_house(settings()))
    settle_memory()
    return app


def _end_with_parent() -> None:
    # A supervisor that was killed can stop nobody, and its workers would hold the port for ever.
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
