"""Every architecture a recipe can name gives logits of the film's size, and can be exported."""

import numpy as np
import onnx
import pytest

from tests.training.extra import need_training_extra

need_training_extra()

import torch  # noqa: E402
from torch import nn  # noqa: E402

from app.training import onnx_files  # noqa: E402
from app.training.architectures import build  # noqa: E402
from app.training.config import Architecture, Kind  # noqa: E402

WIDTHS: dict[Kind, tuple[int, ...]] = {
    "unet": (8, 8, 16, 16),
    "unetpp": (8, 8, 16, 16),
    "dla": (8, 8, 16, 16),
    "fpn": (8, 8, 8, 8),
    "manet": (8, 8, 16, 16),
    "segresnet": (8,),
    "basic": (8, 8, 16, 16, 32, 8),
}
GRID = (64, 96)


def network(kind: Kind) -> nn.Module:
    torch.manual_seed(0)
    return build(Architecture(kind=kind, widths=WIDTHS[kind])).eval()


@pytest.fixture(scope="module", params=WIDTHS)
def exported(request: pytest.FixtureRequest) -> tuple[nn.Module, bytes]:
    built = network(request.param)
    return built, onnx_files.export(built, grid=GRID)


def test_the_file_computes_what_torch_computes(exported: tuple[nn.Module, bytes]) -> None:
    built, data = exported
    films = np.random.default_rng(1).random((5, 1, *GRID), np.float32)
    with torch.inference_mode():
        expected = built(torch.from_numpy(films)).numpy()
    assert expected.shape == films.shape
    np.testing.assert_allclose(onnx_files.run(data, films), expected, atol=1e-4)


def test_the_file_stands_alone_and_says_what_it_promises(
    exported: tuple[nn.Module, bytes],
) -> None:
    model = onnx.load_from_string(exported[1])
    assert not any(weights.external_data for weights in model.graph.initializer)
    assert {(entry.domain, entry.version) for entry in model.opset_import} == {("", 18)}
    assert [value.name for value in model.graph.input] == ["film"]
    assert [value.name for value in model.graph.output] == ["logit"]
    sides = [d.dim_param or d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    assert sides == ["films", 1, *GRID]


def test_an_export_that_differs_is_refused() -> None:
    class Forgetful(nn.Module):
        """Computes something else each time it is asked."""

        def __init__(self) -> None:
            super().__init__()
            self.calls = 0

        def forward(self, film: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return film * self.calls

    with pytest.raises(onnx_files.ExportFailed, match="differ"):
        onnx_files.export(Forgetful().eval(), grid=(32, 32))


def test_halving_makes_the_file_smaller_and_hardly_moves_the_logits() -> None:
    whole = onnx_files.export(network("unet"), grid=GRID)
    small = onnx_files.halved(whole)
    films = np.random.default_rng(1).random((2, 1, *GRID), np.float32)
    before, after = onnx_files.run(whole, films), onnx_files.run(small, films)
    assert len(small) < 0.65 * len(whole)
    assert after.dtype == np.float32
    np.testing.assert_allclose(after, before, atol=0.01 * np.abs(before).max())
    model = onnx.load_from_string(small)
    kinds = {
        value.type.tensor_type.elem_type for value in [*model.graph.input, *model.graph.output]
    }
    assert kinds == {onnx.TensorProto.FLOAT}
