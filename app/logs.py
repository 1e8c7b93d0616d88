"""Logs: one JSON object a line on standard error, without the values of variables.

A traceback tells where, not what: films, names and origins stay out of the log.
"""

import logging
import sys
from functools import cache

import structlog


@cache
def configure_logs() -> None:
    """Set logging up, once a process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
