"""Importing films from the pages: a zip, a folder of the server's, and what is refused."""

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import func, select

from app.conduct.background import kinds
from app.films.tables import Film
from app.runs.execute import Hands
from app.runs.runs import cancel
from app.runs.tables import Run
from app.web.main import create_app
from tests.support import loops
from tests.twins.changed import film
from tests.web.conftest import Town


def picture(number: int, *, mask: bool = False) -> bytes:
    """A small film, or a mask of its size, as PNG."""
    rng = np.random.default_rng(number)
    values = rng.integers(0, 256, (24, 20), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(np.where(values > 128, 255, 0).astype(np.uint8) if mask else values).save(
        out, "PNG"
    )
    return out.getvalue()


def films(number: int) -> dict[str, bytes]:
    """A folder of films, each with a hand-drawn mask."""
    files = {f"films/new-{n}.png": picture(n) for n in range(number)}
    return files | {f"infection/new-{n}.png": picture(n, mask=True) for n in range(number)}


def zipped(files: dict[str, bytes]) -> bytes:
    """The files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def page(town: Town) -> str:
    return f"/admin/studies/{town.alpha.study.key}/import"


def do_the_work(town: Town) -> Run:
    """Do the newest run, as the server's own thread would."""
    hands = Hands(
        town.house.sessions, kinds=kinds(town.house.settings, town.house.blobs), clock=town.clock
    )
    with town.look() as session:
        run_id = session.scalar(select(func.max(Run.id))) or 0
    hands.work_through(run_id)
    with town.look() as session:
        return session.get_one(Run, run_id)


def film_names(town: Town) -> list[str]:
    with town.look() as session:
        query = select(Film.name).where(Film.study_id == town.alpha.study.id)
        return sorted(session.scalars(query))


def left_lying(town: Town) -> list[Path]:
    """What is left of uploads."""
    folder = town.house.settings.uploads
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_zip_is_imported_and_nothing_of_it_is_left_lying(town: Town) -> None:
    admin = town.visitor("alpha-admin")
    answer = admin.put(f"{page(town)}/zip", content=zipped(films(3)))
    assert answer.status_code == 201
    assert answer.json() == {"next": page(town)}
    assert town.house.settings.uploads.stat().st_mode & 0o777 == 0o700
    run = do_the_work(town)
    assert (run.state, run.done) == ("done", 3)
    assert film_names(town)[3:] == ["new-0.png", "new-1.png", "new-2.png"]
    assert left_lying(town) == []


def test_films_that_are_nearly_another_are_named_on_the_page_and_on_the_film(town: Town) -> None:
    admin = town.visitor("alpha-admin")
    files = {}
    for name, grey in {"first": film(1), "other": film(4), "again": film(4)[:, ::-1]}.items():
        out = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(grey)).save(out, "PNG")
        files[f"films/{name}.png"] = out.getvalue()
    admin.put(f"{page(town)}/zip", content=zipped(files))
    do_the_work(town)
    shown = " ".join(admin.get(page(town)).text.split())
    assert "Nearly the same film" in shown
    with town.look() as session:
        shas = {film.name: film.pixels_sha for film in session.scalars(select(Film))}
    address = page(town).replace("/import", "/films/")
    # Names come in the order of the alphabet, so "again" is taken first.
    assert f'{address}{shas["other.png"]}">other.png</a>' in shown
    assert ">mirrored</td>" in shown
    assert "again.png: mirrored" in admin.get(f"{address}{shas['other.png']}").text
    assert "other.png: mirrored" in admin.get(f"{address}{shas['again.png']}").text
    assert "Nearly the same as" not in admin.get(f"{address}{shas['first.png']}").text


def test_a_zip_of_one_folder_is_read_as_that_folder(town: Town) -> None:
    files = {f"batch/{name}": data for name, data in films(2).items()}
    files["__MACOSX/batch/._x"] = b"of no use"
    town.visitor("alpha-admin").put(f"{page(town)}/zip", content=zipped(files))
    do_the_work(town)
    with town.look() as session:
        masks = session.scalars(
            select(Film.manual_mask_sha).where(Film.name.startswith("new-"))
        ).all()
    assert len(masks) == 2
    assert None not in masks


def test_importing_the_same_again_changes_nothing(town: Town) -> None:
    for _ in range(2):
        town.visitor("alpha-admin").put(f"{page(town)}/zip", content=zipped(films(2)))
        do_the_work(town)
    assert len(film_names(town)) == 5


def test_a_refused_film_is_listed_with_its_reason_until_it_is_mended(town: Town) -> None:
    admin = town.visitor("alpha-admin")
    files = films(2) | {"films/new-1.png": b"no picture at all"}
    admin.put(f"{page(town)}/zip", content=zipped(files))
    assert do_the_work(town).state == "done"
    shown = admin.get(page(town)).text
    assert "new-1.png" in shown
    assert "not-an-image" in shown
    assert "new-0.png" not in shown
    admin.put(f"{page(town)}/zip", content=zipped(films(2)))
    do_the_work(town)
    assert "Refused" not in admin.get(page(town)).text


def test_a_folder_of_the_server_is_imported_and_left_as_it_is(town: Town) -> None:
    folder = town.house.settings.incoming_folder / "batch"
    for name, data in films(2).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    admin = town.visitor("alpha-admin")
    assert "batch" in admin.get(page(town)).text
    admin.post(f"{page(town)}/folder", data={"folder": "batch"})
    assert do_the_work(town).done == 2
    assert len(list(folder.rglob("*.png"))) == 4


@pytest.mark.parametrize("folder", ["..", "/etc", "batch/..", ".", "", "../../home"])
def test_no_other_folder_of_the_server_is_reached(town: Town, folder: str) -> None:
    (town.house.settings.incoming_folder / "batch").mkdir(parents=True)
    answer = town.visitor("alpha-admin").post(f"{page(town)}/folder", data={"folder": folder})
    assert answer.status_code == 422
    with town.look() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"PK\x03\x04 and then nothing", b"no zip", zipped({}), zipped({"../up.png": b"x"})],
)
def test_what_is_no_zip_of_films_is_refused_and_not_kept(town: Town, body: bytes) -> None:
    answer = town.visitor("alpha-admin").put(f"{page(town)}/zip", content=body)
    assert answer.status_code == 422
    assert left_lying(town) == []


def limited(town: Town, most: int) -> TestClient:
    """A browser of alpha's admin where uploads are limited to ``most`` bytes."""
    signed_in = town.visitor("alpha-admin")
    settings = town.house.settings.model_copy(update={"max_upload_bytes": most})
    return TestClient(create_app(replace(town.house, settings=settings)), cookies=signed_in.cookies)


def test_an_upload_beyond_the_limit_is_refused_and_not_kept(town: Town) -> None:
    body = zipped(films(3))
    answer = limited(town, len(body) - 1).put(f"{page(town)}/zip", content=body)
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert left_lying(town) == []


@pytest.mark.parametrize(
    ("person", "status"), [("nobody", 401), ("alpha-1", 403), ("beta-admin", 404)]
)
def test_who_may_not_upload_is_refused_before_a_byte_is_read(
    town: Town, person: str, status: int
) -> None:
    cookie = town.visitor(person).cookies.get("maskballot", "")
    scope: dict[str, Any] = {
        "type": "http",
        "method": "PUT",
        "path": f"{page(town)}/zip",
        "query_string": b"",
        "headers": [(b"cookie", f"maskballot={cookie}".encode())],
    }
    answers: list[int] = []
    parts: list[int] = []

    async def receive() -> dict[str, Any]:
        parts.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": len(parts) < 20}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answers.append(message["status"])

    async def call() -> None:
        await town.app(scope, receive, send)  # type: ignore[arg-type]

    loops.run(call)
    assert answers == [status]
    assert parts == []


def test_a_closed_study_takes_no_films(town: Town) -> None:
    admin = town.visitor("alpha-admin")
    admin.post(f"/admin/studies/{town.alpha.study.key}/lock")
    answer = admin.put(f"{page(town)}/zip", content=zipped(films(1)))
    assert answer.status_code == 409
    assert left_lying(town) == []


def test_an_upload_that_nobody_resumes_is_removed_after_two_days(town: Town) -> None:
    admin = town.visitor("alpha-admin")
    admin.put(f"{page(town)}/zip", content=zipped(films(1)))
    with town.house.sessions.begin() as session:
        run = session.scalars(select(Run)).one()
        cancel(session, run, clock=town.clock)
    (stopped,) = left_lying(town)
    for days, kept in ((1, True), (3, False)):
        then = town.clock.now().timestamp() - days * 24 * 3600
        os.utime(stopped, (then, then))
        admin.put(f"{page(town)}/zip", content=zipped(films(1)))
        assert stopped.exists() is kept


def test_other_routes_take_no_large_bodies(town: Town) -> None:
    answer = town.visitor().post("/sign-in", content=b"name=" + b"x" * (17 * 1024 * 1024))
    assert answer.status_code == 413


def test_forms_take_no_files(town: Town) -> None:
    files = {"name": ("film.png", b"x" * 1000)}
    assert town.visitor().post("/sign-in", files=files).status_code in (400, 422)
