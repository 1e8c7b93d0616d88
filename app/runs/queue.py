"""The queue of PostgreSQL installations: Procrastinate, so that any number of workers can help.

SQLite installations have none: the web process's own thread looks for work itself.
A job only says *that* a run has work. What is taken by whom stands in `run_chunks`, so a job that
comes twice, late or never costs time, not truth.
"""

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONDict
from sqlalchemy.orm import Session

QUEUE = "runs"
TASK = "maskballot.work"

# Never opened: jobs are put in on the connection, and so in the transaction, of the caller.
_deferring = procrastinate.App(connector=procrastinate.PsycopgConnector())


def announce(session: Session, run_id: int, *, jobs: int = 1, again: bool = False) -> None:
    """Tell the workers that a run has work, as part of the caller's transaction.

    ``again`` puts in no second reminder while the first one waits.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    driver = session.connection().connection.driver_connection
    lock = f"again-{run_id}" if again else None
    job: JSONDict = {"run_id": run_id}
    task = _deferring.configure_task(
        TASK, allow_unknown=True, queue=QUEUE, queueing_lock=lock, connection=driver
    )
    try:
        with session.begin_nested():
            task.batch_defer(*[job] * jobs)
    except AlreadyEnqueued:
        pass
