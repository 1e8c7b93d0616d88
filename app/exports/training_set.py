"""A training set on disk: films, chosen masks, and a manifest that accounts for every case.

The folder is a layout that `ingest` and `train` read as it stands: ``films.csv`` beside ``films/``
and ``infection/``. Nothing in it depends on when or where it is written, so writing it again gives
the same bytes.
"""

import csv
import hashlib
import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from app import RESEARCH_ONLY, __version__
from app.blobs.store import BlobStore
from app.exports.folds import joined, patient_folds
from app.exports.gather import SettledCase, case_count, settled_cases
from app.exports.pictures import film_png
from app.films.pixels import FilmPixels
from app.films.store import load_pixels
from app.films.voi import luminance
from app.masks.codec import to_png
from app.problems import Problem
from app.studies.states import State, require
from app.studies.tables import Study
from app.twins.fingerprint import SIDE, Fingerprint, fingerprint
from app.twins.search import twins

COLUMNS = [
    "file",
    "infection",
    "patient_id",
    "view",
    "finding",
    "fold",
    "pixels_sha256",
    "outcome",
    "origin",
    "agreement",
]


class ExportRefused(Problem):
    """The export cannot be written there."""

    code = "export-refused"
    status = 409


@dataclass(frozen=True)
class Written:
    """What was written. ``left_out`` counts cases without a usable mask, by outcome."""

    folder: Path
    films: int
    left_out: Counter[str]
    manifest_sha256: str


def write_training_set(
    session: Session,
    blobs: BlobStore,
    study: Study,
    *,
    into: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Write the study's training set to ``into``, whole or not at all.

    A folder that already holds these very bytes is left as it is. Raises `ExportRefused` where
    another thing lies there, and `WrongState` before the study is settled.
    """
    require(study.state, State.SETTLED)
    partial = into.with_name(f".{into.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "films").mkdir(parents=True)
    (partial / "infection").mkdir()
    try:
        written = _write(session, blobs, study, folder=partial, progress=progress)
        _put_in_place(partial, into)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Written(into, written.films, written.left_out, written.manifest_sha256)


def _put_in_place(partial: Path, into: Path) -> None:
    if not into.exists():
        partial.rename(into)
        return
    old = into / "manifest.json"
    if not old.exists() or old.read_bytes() != (partial / "manifest.json").read_bytes():
        raise ExportRefused(
            "{into} exists and is not this export.",
            cure="Name another folder, or remove it.",
            into=into,
        )
    # The manifest names every file's digest; files damaged since are replaced by fresh ones.
    for fresh in sorted(partial.rglob("*")):
        if fresh.is_file():
            fresh.replace(into / fresh.relative_to(partial))


def _write(
    session: Session,
    blobs: BlobStore,
    study: Study,
    *,
    folder: Path,
    progress: Callable[[int, int], None],
) -> Written:
    total = case_count(session, study)
    entries: list[dict[str, object]] = []
    prints: list[Fingerprint] = []
    left_out: list[dict[str, object]] = []
    for done, case in enumerate(settled_cases(session, study), 1):
        if case.usable:
            pixels = load_pixels(blobs, case.film)
            entries.append(_write_case(blobs, case, pixels, folder))
            prints.append(fingerprint(luminance(pixels)))
        else:
            left_out.append({"film": case.film.name, "outcome": case.settlement.outcome})
        progress(done, total)
    if len(entries) + len(left_out) != total:
        raise AssertionError(f"{total} cases went in, {len(entries)} + {len(left_out)} came out")
    _add_folds(entries, prints)
    _write_csv(folder / "films.csv", entries)
    manifest = _manifest(study, entries, left_out)
    (folder / "manifest.json").write_bytes(manifest)
    return Written(
        folder=folder,
        films=len(entries),
        left_out=Counter(str(row["outcome"]) for row in left_out),
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
    )


def _write_case(
    blobs: BlobStore, case: SettledCase, pixels: FilmPixels, folder: Path
) -> dict[str, object]:
    film = case.film
    stem = f"{_safe(film.name)}-{film.pixels_sha[:8]}"
    picture = film_png(pixels)
    mask = _mask_png(blobs, case)
    (folder / "films" / f"{stem}.png").write_bytes(picture)
    (folder / "infection" / f"{stem}.png").write_bytes(mask)
    return {
        "file": f"films/{stem}.png",
        "file_sha256": hashlib.sha256(picture).hexdigest(),
        "infection": f"infection/{stem}.png",
        "infection_sha256": hashlib.sha256(mask).hexdigest(),
        "name": film.name,
        "pixels_sha256": film.pixels_sha,
        "height": film.native_h,
        "width": film.native_w,
        "patient_id": film.patient.label if film.patient else "",
        "view": film.view or "",
        "finding": film.finding or "",
        "outcome": case.settlement.outcome,
        "origin": case.origin,
        "shared_with": list(case.shared_with),
        "network_sha256": case.network_sha,
        "network_fold": case.fold,
        "agreement": case.settlement.agreement,
        "votes": list(case.votes),
    }


def _mask_png(blobs: BlobStore, case: SettledCase) -> bytes:
    if case.drawing_png is not None:
        return case.drawing_png
    if case.mask_sha is not None:
        return blobs.get(case.mask_sha)
    return to_png(np.zeros((case.film.native_h, case.film.native_w), np.bool_))


def _safe(name: str) -> str:
    stem = Path(name).stem or "film"
    return re.sub(r"[^A-Za-z0-9._-]+", "_", stem).strip("._")[:80] or "film"


def _add_folds(entries: list[dict[str, object]], prints: Sequence[Fingerprint]) -> None:
    """Give each entry its fold: films of a patient, and near-identical films, share one."""
    found = twins(np.array(prints, np.uint8).reshape(-1, SIDE, SIDE))
    # A film whose patient is unknown stands for itself.
    owners = [str(e["patient_id"]) or f"film {e['pixels_sha256']}" for e in entries]
    groups = joined(owners, [(twin.first, twin.second) for twin in found])
    films_of: dict[str, list[str]] = defaultdict(list)
    for entry, group in zip(entries, groups, strict=True):
        films_of[group].append(str(entry["pixels_sha256"]))
    folds = patient_folds(films_of)
    for entry in entries:
        entry["fold"] = folds[str(entry["pixels_sha256"])]


def _write_csv(path: Path, entries: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(entries)


def _manifest(
    study: Study, entries: list[dict[str, object]], left_out: list[dict[str, object]]
) -> bytes:
    body = {
        "schema": 1,
        "kind": "training-set",
        "use": RESEARCH_ONLY,
        "software": f"maskballot {__version__}",
        "study": {
            "key": study.key,
            "name": study.name,
            "stage": study.stage,
            "protocol": study.protocol,
            "networks": study.networks,
        },
        "counts": {
            "cases": len(entries) + len(left_out),
            "films": len(entries),
            "left_out": len(left_out),
            "origins": dict(sorted(Counter(str(entry["origin"]) for entry in entries).items())),
        },
        "films": entries,
        "left_out": left_out,
    }
    text = json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False)
    return text.encode() + b"\n"
