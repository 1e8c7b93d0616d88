"""``maskballot export``: the training set of a settled study."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.house import enter
from app.cli.progress import counting
from app.exports.exports import export_training_set
from app.studies.studies import study_named


def export(
    out: Annotated[Path, typer.Argument(help="The folder to write; it appears when it is whole.")],
    study: Annotated[str, typer.Option(help="The name or the key of the study.")],
) -> None:
    """Write films, chosen masks and manifest of a settled study; again gives the same bytes."""
    house = enter()
    with house.sessions() as session, counting("cases") as show:
        found = study_named(session, study)
        _, written = export_training_set(
            session, house.blobs, found, into=out, clock=house.clock, progress=show
        )
        session.commit()
    left_out = ", ".join(
        f"{count} {outcome}" for outcome, count in sorted(written.left_out.items())
    )
    typer.echo(f"{out}: {written.films} films; left out: {left_out or 'none'}.")
    typer.echo(f"manifest sha256 {written.manifest_sha256}")
