"""``maskballot demo``: a sample study from nothing, served."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.house import enter
from app.cli.progress import counting
from app.cli.serve import address_of, listen, run_server
from app.conduct.background import kinds
from app.demo import study as demo_study
from app.demo.folder import write_folder
from app.demo.study import Account
from app.films.layout import read_layout
from app.films.limits import Limits
from app.runs.execute import Hands
from app.settings import secret_key, settings
from app.studies.tables import Study
from app.web.house import House

PHANTOMS = 24

out = Console(highlight=False, soft_wrap=True)


def demo(
    data: Annotated[
        Path | None, typer.Option(help="A folder of films; phantom films are drawn without it.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="The port; 0: any.")] = None,
    films: Annotated[int, typer.Option(min=1, help="How many phantom films.")] = PHANTOMS,
    serve: Annotated[bool, typer.Option(help="Serve it once it is built.")] = True,
) -> None:
    """Build a sample study (accounts, films, proposals) and serve it; run again, it goes on."""
    here = settings()
    # What is wrong with the command is said before minutes are spent.
    with listen(here.host, here.port if port is None else port) as listener:
        if data is not None:
            read_layout(data)
        house = enter()
        secret_key(here.home)
        _build_with_accounts(house, data, films)
        if serve:
            address = address_of(listener)
            out.print(f"\nOpen {address} — Ctrl-C stops it, the data stay in {here.home}.")
            run_server(house, listener)


def _build_with_accounts(house: House, data: Path | None, films: int) -> None:
    with house.sessions.begin() as session:
        made = demo_study.make_accounts(session, house.clock)
    try:
        _build(house, data, films)
    finally:
        # Also when it is stopped halfway: this is the only time that they can be read.
        _print_accounts(made)


def _build(house: House, data: Path | None, films: int) -> None:
    name = f"Sample study: {data.resolve().name if data else 'phantom films'}"
    networks = demo_study.NETWORKS if data else demo_study.PHANTOM_NETWORKS
    with house.sessions.begin() as session:
        study = demo_study.sample_study(
            session,
            name=name,
            networks=networks,
            models=house.settings.models,
            clock=house.clock,
        )
        built = demo_study.is_built(session, name)
    if built:
        out.print(f"“{name}” is there already and goes on with its data and votes.")
        return
    folder = data or _phantoms(house.settings.home / "phantoms", films)
    _take(house, study.id, folder)
    hands = Hands(house.sessions, kinds=kinds(house.settings, house.blobs), clock=house.clock)
    with counting("networks") as show:
        cases = demo_study.propose_and_open(
            house.sessions, house.blobs, hands, study_id=study.id, show=show
        )
    out.print(f"“{name}” is open with {cases} cases.")


def _phantoms(folder: Path, films: int) -> Path:
    if not (folder / "films.csv").exists():
        with counting("drawing phantom films") as show:
            for done in write_folder(folder, films=films):
                show(done, films)
    return folder


def _take(house: House, study_id: int, folder: Path) -> None:
    here = house.settings
    with house.sessions() as session, counting("films") as show:
        study = session.get_one(Study, study_id)
        refused = demo_study.take_films(
            session,
            house.blobs,
            study=study,
            folder=folder,
            limits=Limits(here.max_film_bytes, here.max_film_pixels),
            clock=house.clock,
            show=show,
        )
        bare = demo_study.without_hand_drawn(session, study)
    _list("refused", refused)
    _list("without a hand-drawn infection, so no case of this study", bare)


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        out.print(f"{len(lines)} {title}:")
        for line in lines:
            out.print(f"  {line}", markup=False)


def _print_accounts(made: Sequence[Account]) -> None:
    if not made:
        out.print(
            "The accounts are those of the first start; "
            "`maskballot user password NAME` gives one a new password."
        )
        return
    out.print("\nAccounts, shown this once:")
    for account in made:
        out.print(f"  {account.name:8}{account.password}   ({account.role})", markup=False)
