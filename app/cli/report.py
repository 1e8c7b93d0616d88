"""``maskballot report``: a study's report as a page, JSON and a table of votes."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.accounts.users import record
from app.cli.house import enter
from app.maps.folder import write_whole
from app.reports import words
from app.reports.gather import gather
from app.reports.report import Report, may_unblind, require_unblinded
from app.reports.report import report as report_of
from app.reports.sheet import as_html, page_with_pictures
from app.reports.votes_table import as_csv
from app.studies.states import State
from app.studies.studies import study_named
from app.web.house import House
from app.words.catalogue import ENGLISH, catalogues
from app.words.speaking import speaking_in


def report(
    study: Annotated[str, typer.Option(help="The name or the key of the study.")],
    html: Annotated[Path | None, typer.Option(help="Write the page, one file.")] = None,
    to_json: Annotated[Path | None, typer.Option("--json", help="Write all numbers.")] = None,
    to_csv: Annotated[Path | None, typer.Option("--csv", help="Write one row a vote.")] = None,
    unblinded: Annotated[
        bool,
        typer.Option("--unblinded", help="Tell sources although the study is not settled."),
    ] = False,
    language: Annotated[str, typer.Option(help="The page's language, such as de.")] = ENGLISH,
) -> None:
    """Report a study: wins, agreement, order effects, blinding; progress alone until it is settled.

    Looking earlier with --unblinded may bias the study; its history keeps that it was done.
    """
    if language not in catalogues():
        known = ", ".join(catalogues())
        raise typer.BadParameter(f"there are {known}", param_hint="--language")
    house = enter()
    _permit(house, study, asked=unblinded, votes=to_csv is not None)
    with house.sessions() as session:
        session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        found = study_named(session, study)
        votes = gather(session, found) if may_unblind(found, asked=unblinded) else None
        told = report_of(
            session, house.blobs, found, clock=house.clock, asked=unblinded, gathered=votes
        )
        with speaking_in(language):
            page = as_html(page_with_pictures(session, house.blobs, told, votes)) if html else ""
        table = as_csv(votes) if to_csv is not None and votes is not None else ""
    if html is not None:
        write_whole(html, page.encode())
    if to_json is not None:
        write_whole(to_json, json.dumps(told.said(), indent=1, ensure_ascii=False).encode())
    if to_csv is not None:
        write_whole(to_csv, table.encode())
    for line in _lines(told):
        typer.echo(line)


def _permit(house: House, name: str, *, asked: bool, votes: bool) -> None:
    """Keep in the study's history that sources are looked at before it is settled.

    Raises `StillBlind` where ``votes`` are wanted of such a study and it is not ``asked`` for.
    """
    with house.sessions.begin() as session:
        study = study_named(session, name)
        if votes:
            require_unblinded(study, asked=asked)
        if asked and study.state != State.SETTLED:
            record(
                session,
                user=None,
                action="report-unblinded",
                subject=study.key,
                clock=house.clock,
                detail="command line",
            )


def _lines(told: Report) -> list[str]:
    """Return what the command prints: progress, and the few numbers that come first."""
    at = told.progress
    lines = [f"{told.study}: {at.have:,} of {at.wanted:,} answers, {told.state}."]
    if told.unblinded is None:
        return [*lines, "Not settled: --unblinded tells sources, and may bias the study."]
    found = told.unblinded.findings
    for share in found.shares:
        lines.append(f"  {words.answer_name(share.name)}: {words.percent_of(share.share)} of votes")
    if found.between and found.between.ac1:
        lines.append(f"  agreement between readers: AC1 {found.between.ac1.value:.2f}")
    lines.append(f"  {words.guess_sentence(found.guesses)}")
    for score in told.unblinded.sentinels:
        who = "all readers" if score.reader < 0 else told.unblinded.readers[score.reader]
        right = f"{score.right:,} of {score.met:,} right, {words.percent_of(score.share)}"
        lines.append(f"  sentinels, {who}: {right}")
    return lines
