"""``maskballot serve``: pages and API; with an embedded database the background work too."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Annotated

import typer
import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

from app.cli.house import enter
from app.conduct.background import kinds
from app.problems import Problem
from app.runs.execute import Executor, Hands
from app.settings import secret_key, settings
from app.web.house import House
from app.web.main import create_app, settle_memory


class PortTaken(Problem):
    """Something listens there already, or the address is not this machine's."""

    code = "port-taken"
    status = 409


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0: any.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many web processes.")] = None,
) -> None:
    """Serve the pages and the API until stopped."""
    here = settings()
    with listen(host or here.host, here.port if port is None else port) as listener:
        house = enter()
        secret_key(here.home)
        typer.echo(f"maskballot serves {address_of(listener)} — Ctrl-C stops it.", err=True)
        run_server(house, listener, workers=workers or here.workers)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, before anything else is done. Raises `PortTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Listening now tells of a second server that bound the same address with the same option.
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Nothing can listen on {host}:{port}: {error.strerror}.",
            cure=f"Choose another port, as with --port {_free_port()} (make demo PORT=…).",
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return what a person types into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  (compared, not bound)
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_server(house: House, listener: socket.socket, *, workers: int = 1) -> None:
    """Serve ``house`` on ``listener`` until SIGINT or SIGTERM; to be told to stop is no error.

    With several ``workers`` each is a process with a house of its own, of the same settings.
    """
    config = uvicorn.Config(
        create_app(house) if workers == 1 else "app.web.worker:application",
        factory=workers > 1,
        workers=workers,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=house.settings.https,
        timeout_graceful_shutdown=10,
        # A physician looks at a film for longer than uvicorn's five seconds.
        timeout_keep_alive=75,
    )
    settle_memory()
    # uvicorn ends its answers, then raises the signal again; the background work must end too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _own_hands(house), suppress(KeyboardInterrupt):
        if workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()


@contextmanager
def _own_hands(house: House) -> Iterator[None]:
    if house.engine.dialect.name != "sqlite":
        yield
        return
    executor = Executor(
        Hands(house.sessions, kinds=kinds(house.settings, house.blobs), clock=house.clock)
    )
    executor.start()
    try:
        yield
    finally:
        executor.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
