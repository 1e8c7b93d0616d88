"""What was refused, with its numbers and names, is said in the language of who reads it."""

import io
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select, update

from app.conduct.opening import NotReady
from app.films.refusals import MaskSize, TooManyPixels
from app.films.tables import FilmView, RefusedFilm
from app.networks.manifest import read_manifest
from app.networks.refusals import NetworkRefused
from app.networks.verify import verified
from app.problems import Problem
from app.runs import chunks
from app.runs.runs import newest_of
from app.runs.tables import Run
from app.words import speaking
from tests.support.pseudo import naked
from tests.support.tiny_networks import add_network
from tests.twins.changed import film
from tests.web.conftest import Town
from tests.web.languages import reads_brackets, speak
from tests.web.test_imports import do_the_work, films, page, picture, zipped

ADMIN = "alpha-admin"
LIMIT = "The header says {rows} by {columns} pixels; the limit is {limit} million."


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "language", lambda: "de")


def png(grey: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(grey)).save(out, "PNG")
    return out.getvalue()


def odd() -> dict[str, bytes]:
    """Films of which some are refused, and one is nearly another."""
    refused = {
        "films/new-0.png": b"no picture at all",
        "films/new-1.png": b"%PDF-1.7",
        "infection/new-2.png": png(np.zeros((5, 5), np.uint8)),
        "infection/nobody.png": picture(9, mask=True),
    }
    alike = {"films/other.png": png(film(4)), "films/same.png": png(film(4)[:, ::-1])}
    return films(3) | refused | alike


def imported(town: Town, admin: TestClient) -> str:
    admin.put(f"{page(town)}/zip", content=zipped(odd()))
    do_the_work(town)
    return admin.get(page(town)).text


def test_refused_films_are_listed_in_the_catalogues_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = imported(town, reads_brackets(town, monkeypatch, ADMIN))
    for said in ("known here, nor DICOM", "PDF document", "{rows} by {columns}", "mirrored"):
        assert said.replace("{rows} by {columns}", "Its infection mask:") in shown
    assert 'lang="en">' not in shown.replace('<html lang="en">', "")
    assert naked(shown, town.alpha.study.name) == []


def test_refused_films_are_listed_in_german(town: Town) -> None:
    speak(town, ADMIN, "de")
    shown = imported(town, town.visitor(ADMIN))
    assert "Ihre Infektionsmaske: Die Maske hat 5 mal 5 Pixel, ihre Aufnahme 24 mal 20." in shown
    assert "Die Datei ist ein PDF-Dokument, keine Aufnahme." in shown
    assert "gespiegelt" in shown


def test_what_an_older_release_kept_is_marked_as_english(town: Town) -> None:
    admin = town.visitor(ADMIN)
    imported(town, admin)
    with town.house.sessions.begin() as session:
        session.execute(update(RefusedFilm).values(told=None))
        session.execute(update(FilmView).values(change=None))
    speak(town, ADMIN, "de")
    shown = admin.get(page(town)).text
    assert '<td lang="en">The file is a PDF document, not a film.' in shown
    assert '<td lang="en">mirrored</td>' in shown


def test_what_a_run_noted_is_said_in_german(town: Town) -> None:
    admin = town.visitor(ADMIN)
    imported(town, admin)
    lacking = NetworkRefused("The network {name} has no file for fold {fold}.", name="u", fold=3)
    with town.house.sessions.begin() as session:
        run = newest_of(session, study_id=town.alpha.study.id, kind="import")
        assert run is not None
        for _ in range(2):
            chunks.note(session, run.id, problem=lacking, of="a.png: u")
    speak(town, ADMIN, "de")
    assert "<li>a.png: u: Das Netz u hat keine Datei für Fold 3.</li>" in admin.get(page(town)).text
    with town.look() as session:
        kept = session.scalars(select(Run.error).where(Run.error.is_not(None))).all()
    assert kept == ["a.png: u: The network u has no file for fold 3."]


def test_numbers_in_a_refusal_are_written_as_the_language_does(german: None) -> None:
    problem = TooManyPixels(LIMIT, rows=60000, columns=2, limit=2.5)
    assert problem.sentence == "The header says 60,000 by 2 pixels; the limit is 2.5 million."
    said = "Der Kopf nennt 60.000 mal 2 Pixel; die Grenze sind 2,5 Millionen."
    assert speaking.told(problem) == speaking.retold(problem.packed()) == said


def test_what_is_wrong_inside_a_networks_file_is_said_in_german(
    german: None, tmp_path: Path
) -> None:
    add_network(tmp_path, "net", model=b"no network at all")
    (entry,) = read_manifest(tmp_path).networks
    with pytest.raises(NetworkRefused) as refused:
        verified(tmp_path, entry, entry.files[0])
    said = "erwartet war eine ONNX-Datei, sie lässt sich nicht als solche lesen."
    assert speaking.told(refused.value).endswith(f"net/network.onnx: {said}")


def test_a_list_of_reasons_is_said_reason_by_reason(german: None) -> None:
    reasons = [
        NotReady("No film has been imported."),
        NotReady("{number} films still lack proposals: run propose.", number=1200),
    ]
    all_of_them = NotReady.of_all(reasons)
    assert str(all_of_them) == (
        "No film has been imported. 1,200 films still lack proposals: run propose."
    )
    assert speaking.told(all_of_them) == " ".join(map(speaking.told, reasons))
    assert "1.200" in speaking.told(all_of_them)


def test_braces_in_a_strangers_name_fill_in_nothing(german: None) -> None:
    problem = MaskSize("There is no file {name}.", name="{0} {name.__class__}")
    assert speaking.retold(problem.packed()) == "Es gibt keine Datei {0} {name.__class__}."
    assert str(Problem("A plain {sentence}.")) == "A plain {sentence}."
