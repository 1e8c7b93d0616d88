"""``maskballot export``: the training set of a settled study."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.house import enter
from app.cli.progress import counting
from app.conduct.exporting import write_apart
from app.exports.exports import remember
from app.studies.studies import study_named


def export(
    out: Annotated[Path, typer.Argument(help="The folder to write; it appears when it is whole.")],
    study: Annotated[str, typer.Option(help="The name or the key of the study.")],
) -> None:
    """Write films, chosen masks and manifest of a settled study; again gives the same bytes."""
    house = enter()
    with counting("cases") as show:
        written = write_apart(house.sessions, house.blobs, study, into=out, progress=show)
    with house.sessions.begin() as session:
        remember(session, study_named(session, study), written, clock=house.clock)
    left_out = ", ".join(
        f"{count} {outcome}" for outcome, count in sorted(written.left_out.items())
    )
    typer.echo(f"{out}: {written.films} films; left out: {left_out or 'none'}.")
    typer.echo(f"manifest sha256 {written.manifest_sha256}")
