"""Entries of ``models/manifest.toml``: made from a run, put in, written as TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.networks.folds import default_file
from app.networks.manifest import NetworkEntry
from app.networks.scoring import Evaluation
from app.training.config import TrainingConfig
from app.training.operating import OperatingPoint

SCHEMA = 1
# What every file of ours promises; `onnx_files` keeps it.
OPSET = 18
INPUT_NAME = "film"
OUTPUT_NAME = "logit"
HALF = ".half"  # ends the name of weights that are stored as float16
AVERAGED = "network."  # begins the names where several views of a film are averaged
FAMILIES = {"segresnet": "segresnet", "basic": "unet"}  # where the kind has another name


def entry(
    config: TrainingConfig,
    *,
    stages: Sequence[int],
    grid: tuple[int, int],
    point: OperatingPoint,
    measured: Evaluation,
    files: Sequence[tuple[str, str, int | None]],
    out_of_fold: tuple[str, bytes] | None = None,
) -> dict[str, Any]:
    """Return a network's entry.

    files are (name in its folder, sha256, fold), out_of_fold the name and content of what is kept
    in the place of the folds' files.
    """
    kind = config.architecture.kind
    name = config.name
    return {
        "name": name,
        "title": config.title,
        "family": FAMILIES.get(kind, kind),
        "task": config.task,
        "stages": list(stages),
        "card": f"{name}/card.md",
        "trained_on": f"{name}/trained-on.csv",
        "input": {
            "name": INPUT_NAME,
            "grid": list(grid),
            "low": config.low,
            "high": config.high,
        },
        "output": {"name": OUTPUT_NAME},
        "operating": operating(config, point, measured),
        **({"out_of_fold": _kept(name, *out_of_fold)} if out_of_fold else {}),
        "file": [
            {"path": f"{name}/{file}", "sha256": sha256, "opset": OPSET}
            | ({} if fold is None else {"fold": fold})
            for file, sha256, fold in files
        ],
    }


def _kept(name: str, file: str, content: bytes) -> dict[str, str]:
    return {"path": f"{name}/{file}", "sha256": sha256(content).hexdigest()}


def operating(
    config: TrainingConfig, point: OperatingPoint, measured: Evaluation
) -> dict[str, Any]:
    """Return an operating point as the manifest states it, with what was measured there."""
    values: dict[str, Any] = {
        "temperature": point.temperature,
        "threshold": point.threshold,
        "specks": point.specks,
        "detection_score": "area",
        "detection_threshold": point.detection_threshold,
    }
    if config.task == "lungs":
        return values  # every film has lungs: there is nothing to detect
    found, alarms = measured.scores.found, measured.false_alarms.called_infected
    if found:
        values["sensitivity"] = round(found.value, 4)
    if alarms:
        values["specificity"] = round(1 - alarms.value, 4)
    folders = ", ".join(config.data.folders) or "the exported set"
    values["measured_on"] = (
        f"{measured.scores.films} films with and {measured.false_alarms.films} without a mask, "
        f"kept back from {folders}"
    )
    return values


def put(path: Path, new: Mapping[str, Any]) -> None:
    """Put an entry into a manifest in the place of one of the same name, or at its end.

    Operating points that networks have together with a former file of it are forgotten.
    """
    networks, together = _read(path)
    names = [network["name"] for network in networks]
    if new["name"] in names:
        networks[names.index(new["name"])] = new
    else:
        networks.append(new)
    _write(path, networks, [point for point in together if new["name"] not in point["networks"]])


def put_together(path: Path, networks: Sequence[NetworkEntry], point: Mapping[str, Any]) -> None:
    """Put the operating point of networks together into their manifest; an older one is replaced.

    ``point`` is what `operating` returns.
    """
    names = [network.name for network in networks]
    digests = [default_file(network).sha256 for network in networks]
    entries, together = _read(path)
    others = [older for older in together if set(older["networks"]) != set(names)]
    new = {"networks": names, "sha256": digests, "operating": dict(point)}
    _write(path, entries, [*others, new])


def _read(path: Path) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the networks, and the points that several have together."""
    said = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return said.get("network", []), said.get("together", [])


def _write(
    path: Path, networks: Sequence[Mapping[str, Any]], together: Sequence[Mapping[str, Any]]
) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(as_toml(networks, together), encoding="utf-8")
    unfinished.replace(path)


def as_toml(
    networks: Sequence[Mapping[str, Any]], together: Sequence[Mapping[str, Any]] = ()
) -> str:
    """Return the manifest's text."""
    lines = [
        "# The networks of this folder. `to-onnx` writes the entries; adding a network needs",
        "# nothing but its folder and an entry here.",
        f"schema = {SCHEMA}",
    ]
    for network in networks:
        lines += ["", "[[network]]", *_table("network", network)]
    for point in together:
        lines += ["", "[[together]]", *_table("together", point)]
    return "\n".join(lines) + "\n"


def _table(name: str, table: Mapping[str, Any]) -> list[str]:
    plain = {key: value for key, value in table.items() if not _is_table(value)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += [f"[{name}.{key}]", *_table(f"{name}.{key}", value)]
        elif _is_table(value):
            for each in value:
                lines += [f"[[{name}.{key}]]", *_table(f"{name}.{key}", each)]
    return lines


def _is_table(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and isinstance(value[0], Mapping)
    return isinstance(value, Mapping)


def _value(value: Any) -> str:
    """Return a string, number or flat list as TOML, which these share with JSON."""
    return json.dumps(value, ensure_ascii=False)
