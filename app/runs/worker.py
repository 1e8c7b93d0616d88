"""A worker process: takes jobs from the queue and does a chunk for each."""

import asyncio
import logging
import signal
import socket

import procrastinate
from procrastinate.jobs import Status
from sqlalchemy import make_url

from app.runs import chunks, queue
from app.runs.execute import Hands

log = logging.getLogger(__name__)

# Six fields: the last one counts seconds.
EVERY_FIFTEEN_SECONDS = "* * * * * */15"


def connection_string(url: str) -> str:
    """Return a database's URL as libpq reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def build_app(url: str, hands: Hands) -> procrastinate.App:
    """Return the queue's application with its two tasks: work, and look for what was left lying."""
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=connection_string(url))
    )

    @app.task(name=queue.TASK, queue=queue.QUEUE)
    def work(run_id: int) -> None:
        planned = hands.plan(run_id)
        if planned > 1:
            with hands.sessions.begin() as session:
                queue.announce(session, run_id, jobs=planned - 1)
        hands.work(run_id)

    @app.periodic(cron=EVERY_FIFTEEN_SECONDS)
    @app.task(name="maskballot.look", queue=queue.QUEUE, queueing_lock="look")
    async def look(timestamp: int) -> None:
        for job in await app.job_manager.get_stalled_jobs(queue=queue.QUEUE):
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        await asyncio.to_thread(_remind, hands)

    return app


def run_worker(url: str, hands: Hands) -> None:
    """Work until SIGINT or SIGTERM; the chunk in hand is given back, not lost."""
    asyncio.run(_work(build_app(url, hands), hands))


async def _work(app: procrastinate.App, hands: Hands) -> None:
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                name=socket.gethostname(),
                queues=[queue.QUEUE],
                concurrency=1,
                delete_jobs="always",
                install_signal_handlers=False,
                fetch_job_polling_interval=2.0,
            )
        )

        def leave() -> None:
            hands.stop()
            worker.cancel()

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, leave)
        try:
            await worker
        except asyncio.CancelledError:
            log.info("the worker has stopped")


def _remind(hands: Hands) -> None:
    with hands.sessions.begin() as session:
        for run_id in chunks.has_work(session, clock=hands.clock):
            queue.announce(session, run_id, again=True)
