"""A trained network as one self-contained ONNX file, and proof that it is the same network."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Iterator

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn
from torch.nn.functional import grid_sample

from app.problems import Problem
from app.training.manifest_file import HALF, INPUT_NAME, OPSET, OUTPUT_NAME

LARGEST_DIFFERENCE = 1e-4  # between the logits of torch and of the exported file
# Arrays with fewer numbers stay float32: biases and the filters of single channels are no tenth of
# the file, and rounding them moved the logits 37 times as far (0.27 against 0.007 at most).
LEAST_WEIGHTS = 8192
LEAST_AGREEMENT = 0.999  # Dice between masks before and after halving the weights


class ExportFailed(Problem):
    """The exported file does not compute what the trained network computes."""

    code = "export-differs"


def export(network: nn.Module, *, grid: tuple[int, int]) -> bytes:
    """Return the network (in eval mode) as ONNX: film float32 [N, 1, h, w] to logit, N free.

    Normalisation is not folded into the convolutions: every weight keeps its name, so that a later
    run can go on from the file, and ONNX Runtime folds when it opens it.
    """
    example = torch.zeros(2, 1, *grid)
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The tracing exporter announces its successor, and warns of branches it fixes and constants
        # it does not fold; whether any of that changed the network is measured below.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            buffer,  # type: ignore[arg-type]  # the tracing exporter writes to any binary file
            input_names=[INPUT_NAME],
            output_names=[OUTPUT_NAME],
            dynamic_axes={INPUT_NAME: {0: "films"}, OUTPUT_NAME: {0: "films"}},
            opset_version=OPSET,
            training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
            dynamo=False,
        )
    data = buffer.getvalue()
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    _assert_same(network, data, grid)
    return data


class ViewsAveraged(nn.Module):
    """A network's mean logit over several views of a film, in one file and one call.

    Views are the film turned by ``degrees`` to either side (0: as it is), and, if ``mirror``, their
    mirror images. Logits are turned and mirrored back before they are averaged.
    """

    down: Tensor
    across: Tensor

    def __init__(
        self, network: nn.Module, *, grid: tuple[int, int], mirror: bool, degrees: float
    ) -> None:
        super().__init__()
        self.network = network
        self.mirror = mirror
        self.angles = [math.radians(side * degrees) for side in (-1, 1)] if degrees else []
        rows, columns = grid
        self.steepness = rows / columns
        # Centres of pixels, from -1 to 1 over the film, as grid_sample counts.
        self.register_buffer("down", ((torch.arange(rows) * 2 + 1) / rows - 1)[:, None])
        self.register_buffer("across", ((torch.arange(columns) * 2 + 1) / columns - 1)[None])

    def forward(self, film: Tensor) -> Tensor:
        """Return logits [N, 1, h, w] of film [N, 1, h, w]."""
        turned = [self.turned(film, angle, beyond="zeros") for angle in self.angles] or [film]
        views = turned + [view.flip(3) for view in turned if self.mirror]
        logits = list(self.network(torch.cat(views)).reshape(len(views), *film.shape))
        if self.mirror:
            half = len(turned)
            logits = [a + b.flip(3) for a, b in zip(logits[:half], logits[half:], strict=True)]
        if self.angles:
            logits = [
                self.turned(view, -angle, beyond="border")
                for view, angle in zip(logits, self.angles, strict=True)
            ]
        total = logits[0] if len(logits) == 1 else logits[0] + logits[1]
        return total / len(views)

    def turned(self, picture: Tensor, angle: float, *, beyond: str) -> Tensor:
        """Return pictures [N, 1, h, w] turned about their centre, sampled bilinearly."""
        cosine, sine = math.cos(angle), math.sin(angle)
        across = cosine * self.across - sine * self.steepness * self.down
        down = sine / self.steepness * self.across + cosine * self.down
        places = torch.stack([across, down], 2)[None].expand(picture.shape[0], -1, -1, -1)
        return grid_sample(picture, places, padding_mode=beyond, align_corners=False)


def _assert_same(network: nn.Module, data: bytes, grid: tuple[int, int]) -> None:
    films = np.random.default_rng(0).random((3, 1, *grid), np.float32)
    with torch.inference_mode():
        expected = network(torch.from_numpy(films)).numpy()
    worst = float(np.abs(expected - run(data, films)).max())
    if worst > LARGEST_DIFFERENCE:
        raise ExportFailed(f"torch and ONNX differ by {worst:.1e} in the logits.")


def run(data: bytes, films: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logits [N, 1, h, w] that an ONNX file computes."""
    return next(run_each(data, [films]))


def logits_of(data: bytes, films: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return logits [n, h, w] of films uint8 [n, h, w], as a pack holds them."""
    inputs = (film[np.newaxis, np.newaxis].astype(np.float32) / 255 for film in films)
    return np.concatenate([logits[0] for logits in run_each(data, inputs)])


def run_each(
    data: bytes, batches: Iterable[NDArray[np.float32]], *, threads: int = 0
) -> Iterator[NDArray[np.float32]]:
    """Yield the logits of batches of films [N, 1, h, w] in order; threads 0 means all."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    for films in batches:
        yield np.asarray(session.run([OUTPUT_NAME], {INPUT_NAME: films})[0], np.float32)


def halved(data: bytes) -> bytes:
    """Return the file with its weights stored as float16 and widened when it is opened.

    Inputs, outputs and all arithmetic stay float32, so only the rounding of the weights differs.
    """
    model = onnx.load_from_string(data)
    graph = model.graph
    casts = []
    for weights in graph.initializer:
        if weights.data_type != onnx.TensorProto.FLOAT or np.prod(weights.dims) < LEAST_WEIGHTS:
            continue
        wide_name = weights.name
        narrow = numpy_helper.to_array(weights).astype(np.float16)
        weights.CopyFrom(numpy_helper.from_array(narrow, f"{wide_name}{HALF}"))
        casts.append(
            helper.make_node("Cast", [weights.name], [wide_name], to=onnx.TensorProto.FLOAT)
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString())
