"""Choosing networks by name or stage, and knowing what each has learnt from."""

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from app.networks.folds import TrainedOn, trained_on
from app.networks.manifest import Manifest, NetworkEntry, inside
from app.networks.refusals import NetworkRefused, NetworkUnknown

STAGES = {"stage1": 1, "stage2": 2}
KNOWN = "Known: {known}, and stage1, stage2."


def choose(manifest: Manifest, names: Sequence[str]) -> list[NetworkEntry]:
    """Return the infection networks of ``names``: names, or "stage1" and "stage2" for all of one.

    Each stands once, in the order asked for. Raises `NetworkUnknown`, naming those there are.
    """
    infection = [entry for entry in manifest.networks if entry.task == "infection"]
    chosen: dict[str, NetworkEntry] = {}
    for name in names:
        stage = STAGES.get(name)
        found = [e for e in infection if e.name == name or (stage and stage in e.stages)]
        if not found:
            raise _unknown(name, infection)
        chosen |= {entry.name: entry for entry in found}
    if not chosen:
        raise NetworkUnknown("No network was chosen.", cure=KNOWN, known=_known(infection))
    return list(chosen.values())


def lungs_entry(manifest: Manifest) -> NetworkEntry | None:
    """Return the manifest's first lung network, if there is one."""
    return next((entry for entry in manifest.networks if entry.task == "lungs"), None)


def entry_of(manifest: Manifest, name: str) -> NetworkEntry:
    """Return the entry of ``name``, of either task; raises `NetworkUnknown`."""
    for entry in manifest.networks:
        if entry.name == name:
            return entry
    raise _unknown(name, manifest.networks)


def read_trained_on(models: Path, entry: NetworkEntry) -> TrainedOn:
    """Return which films ``entry`` has learnt from; the file is read again when it changes."""
    path = inside(models, entry.trained_on)
    try:
        return _trained_on(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, csv.Error) as error:
        raise NetworkRefused(
            "{path}: expected a CSV file with the columns pixels_sha256 and fold ({error}).",
            path=path,
            error=error,
        ) from error


@lru_cache(maxsize=64)
def _trained_on(path: Path, changed: int) -> TrainedOn:
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if not {"pixels_sha256", "fold"} <= set(rows.fieldnames or ()):
            raise ValueError(f"found {rows.fieldnames}")
        # Some columns came later; files without them still say which pixels were learnt from.
        later = ("near", "tuned")
        return trained_on(
            (row["pixels_sha256"], row["fold"], *(row.get(name) or "" for name in later))
            for row in rows
        )


def _unknown(name: str, entries: Sequence[NetworkEntry]) -> NetworkUnknown:
    return NetworkUnknown(
        "There is no network {name}.", cure=KNOWN, name=repr(name), known=_known(entries)
    )


def _known(entries: Sequence[NetworkEntry]) -> str:
    return ", ".join(entry.name for entry in entries) or "none"
