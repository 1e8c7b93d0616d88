"""Tiny ONNX networks whose masks can be worked out in one's head, and manifests around them.

The logit is ``gain * (film - level)``: what is brighter than ``level`` is inside.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 18


def brightness_model(
    *,
    grid: tuple[int, int] = (32, 32),
    level: float = 0.5,
    gain: float = 20.0,
    opset: int = OPSET,
    dtype: int = TensorProto.FLOAT,
    films: int | str = "films",
    names: tuple[str, str] = ("film", "logit"),
) -> onnx.ModelProto:
    """A network that finds what is bright."""
    kind = helper.tensor_dtype_to_np_dtype(dtype)
    weights = [
        numpy_helper.from_array(np.array(level, kind), "level"),
        numpy_helper.from_array(np.array(gain, kind), "gain"),
    ]
    nodes = [
        helper.make_node("Sub", [names[0], "level"], ["above"]),
        helper.make_node("Mul", ["above", "gain"], [names[1]]),
    ]
    shape = [films, 1, *grid]
    graph = helper.make_graph(
        nodes,
        "brightness",
        [helper.make_tensor_value_info(names[0], dtype, shape)],
        [helper.make_tensor_value_info(names[1], dtype, shape)],
        weights,
    )
    imports = [helper.make_opsetid("", opset)]
    return helper.make_model(graph, opset_imports=imports, ir_version=9)


def entry_toml(
    name: str,
    *,
    files: Sequence[tuple[str, str, int | None]],
    task: str = "infection",
    stages: Sequence[int] = (1,),
    grid: tuple[int, int] = (32, 32),
    opset: int = OPSET,
    **operating: Any,
) -> str:
    """The manifest's entry of a network; ``files`` are (path, sha256, fold)."""
    point = {"temperature": 1.0, "threshold": 0.5, "specks": 0.0} | operating
    lines = [
        "[[network]]",
        f'name = "{name}"',
        f'title = "Bright places, {name}"',
        'family = "unet"',
        f'task = "{task}"',
        f"stages = {list(stages)}",
        f'card = "{name}/card.md"',
        f'trained_on = "{name}/trained-on.csv"',
        "[network.input]",
        f'name = "film"\ngrid = {list(grid)}\nlow = 0.0\nhigh = 100.0',
        "[network.output]",
        'name = "logit"',
        "[network.operating]",
        *(f"{key} = {value!r}".replace("'", '"') for key, value in point.items()),
    ]
    for path, sha, fold in files:
        lines += ["[[network.file]]", f'path = "{path}"', f'sha256 = "{sha}"', f"opset = {opset}"]
        lines += [] if fold is None else [f"fold = {fold}"]
    return "\n".join(lines) + "\n"


def add_network(
    models: Path,
    name: str,
    *,
    model: onnx.ModelProto | bytes | None = None,
    level: float = 0.5,
    folds: Iterable[int | None] = (None,),
    trained_on: Sequence[tuple[str, ...]] = (),
    grid: tuple[int, int] = (32, 32),
    **entry: Any,
) -> None:
    """Write a network, its card and its manifest entry into the folder ``models``.

    Files of folds differ a little, as trained ones do, so that their digests differ.
    """
    folder = models / name
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for fold in folds:
        shift = 0.0 if fold is None else 1e-3 * (fold + 1)
        made = brightness_model(grid=grid, level=level + shift) if model is None else model
        data = made if isinstance(made, bytes) else made.SerializeToString()
        path = f"{name}/network{'' if fold is None else f'-{fold}'}.onnx"
        (models / path).write_bytes(data)
        files.append((path, hashlib.sha256(data).hexdigest(), fold))
    (folder / "card.md").write_text(f"# {name}\n")
    # Without near codes it is a file as networks shipped at first have it.
    heading = ("pixels_sha256", "fold", "near")[: max(map(len, trained_on), default=2)]
    rows = [heading, *trained_on]
    (folder / "trained-on.csv").write_text("".join(",".join(row) + "\n" for row in rows))
    manifest = models / "manifest.toml"
    said = manifest.read_text() if manifest.exists() else "schema = 1\n"
    manifest.write_text(said + entry_toml(name, files=files, grid=grid, **entry))
