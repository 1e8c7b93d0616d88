"""A file that is not as the manifest says is refused before ONNX Runtime sees a byte of it."""

from pathlib import Path
from typing import NoReturn

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from app.networks.manifest import read_manifest
from app.networks.predict import open_network
from app.networks.refusals import NetworkRefused
from app.networks.verify import verified
from tests.support.tiny_networks import OPSET, add_network, brightness_model


@pytest.fixture(autouse=True)
def onnx_runtime_must_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("ONNX Runtime was given a file that should have been refused")

    monkeypatch.setattr(onnxruntime, "InferenceSession", refuse)


def refusal(models: Path, model: onnx.ModelProto | bytes) -> str:
    """What is said about a network that consists of ``model``."""
    add_network(models, "net", model=model)
    with pytest.raises(NetworkRefused) as refused:
        open_network(models, "net")
    assert "net/network.onnx" in refused.value.sentence
    return refused.value.sentence


def test_a_good_file_passes(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    (entry,) = read_manifest(tmp_path).networks
    data = verified(tmp_path, entry, entry.files[0])
    assert data == (tmp_path / "net/network.onnx").read_bytes()


def test_a_changed_file_is_refused_with_both_digests(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    path = tmp_path / "net/network.onnx"
    path.write_bytes(path.read_bytes() + b"\0")
    (file,) = read_manifest(tmp_path).networks[0].files
    with pytest.raises(NetworkRefused, match=f"expected the sha256 {file.sha256}, found [0-9a-f]"):
        open_network(tmp_path, "net")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    (tmp_path / "net/network.onnx").unlink()
    with pytest.raises(NetworkRefused, match=r"network\.onnx: expected an ONNX file, it cannot"):
        open_network(tmp_path, "net")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    (tmp_path / "net/network.onnx").unlink()
    (tmp_path / "net/network.onnx").mkdir()
    with pytest.raises(NetworkRefused, match="cannot be read"):
        open_network(tmp_path, "net")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    assert "expected" in refusal(tmp_path_factory.mktemp("models"), data)


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    data = brightness_model().SerializeToString()
    assert "expected an ONNX file" in refusal(tmp_path, data[: len(data) // 2])


def external(tensor: TensorProto) -> TensorProto:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    return tensor


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    model = brightness_model()
    external(model.graph.initializer[0])
    assert "all weights inside the file, found 'level' outside" in refusal(tmp_path, model)


def test_a_location_alone_is_refused_whatever_the_tensor_says(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.initializer[1].external_data.add(key="location", value="weights.bin")
    assert "found 'gain' outside" in refusal(tmp_path, model)


def constant_node(value: TensorProto) -> onnx.NodeProto:
    return helper.make_node("Constant", [], ["hidden"], value=value)


def test_weights_in_another_file_are_found_in_an_attribute(tmp_path: Path) -> None:
    model = brightness_model()
    hidden = external(numpy_helper.from_array(np.ones(3, np.float32), "hidden"))
    model.graph.node.append(constant_node(hidden))
    assert "found 'hidden' outside" in refusal(tmp_path, model)


def test_weights_in_another_file_are_found_in_a_branch(tmp_path: Path) -> None:
    model = brightness_model()
    hidden = external(numpy_helper.from_array(np.ones(3, np.float32), "hidden"))
    output = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [3])
    branch = helper.make_graph([constant_node(hidden)], "branch", [], [output])
    model.graph.node.append(
        helper.make_node("If", ["level"], ["either"], then_branch=branch, else_branch=branch)
    )
    assert "found 'hidden' outside" in refusal(tmp_path, model)


def test_weights_in_another_file_are_found_in_a_sparse_tensor(tmp_path: Path) -> None:
    model = brightness_model()
    values = numpy_helper.from_array(np.ones(1, np.float32), "sparse")
    places = numpy_helper.from_array(np.zeros(1, np.int64), "places")
    sparse = helper.make_sparse_tensor(values, places, [4])
    external(sparse.values)
    model.graph.sparse_initializer.append(sparse)
    assert "found 'sparse' outside" in refusal(tmp_path, model)


def test_a_custom_domain_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    model.graph.node[0].domain = "com.microsoft"
    assert "standard operators only, found the domain com.microsoft" in refusal(tmp_path, model)


def test_a_custom_domain_is_refused_where_it_is_not_declared(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.node[0].domain = "my.own"
    assert "standard operators of opset 18 only, found my.own.Sub" in refusal(tmp_path, model)


def test_an_operator_that_the_standard_does_not_know_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.node[0].op_type = "ReadFile"
    assert "found ReadFile" in refusal(tmp_path, model)


def test_an_operator_newer_than_the_opset_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.node[0].op_type = "RMSNormalization"  # of opset 23
    assert "standard operators of opset 18 only" in refusal(tmp_path, model)


def test_functions_of_the_files_own_are_refused(tmp_path: Path) -> None:
    model = brightness_model()
    body = [helper.make_node("Identity", ["x"], ["y"])]
    imports = [helper.make_opsetid("", OPSET)]
    model.functions.append(helper.make_function("", "Sub", ["x"], ["y"], body, imports))
    assert "functions of the file's own" in refusal(tmp_path, model)


@pytest.mark.parametrize("opset", [12, 24])
def test_an_opset_out_of_range_is_refused_with_the_range(tmp_path: Path, opset: int) -> None:
    add_network(tmp_path, "net", model=brightness_model(opset=opset), opset=opset)
    with pytest.raises(NetworkRefused, match=f"an opset from 13 to 23, found {opset}"):
        open_network(tmp_path, "net")


def test_another_opset_than_the_manifests_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path, brightness_model(opset=17))
    assert "expected opset 18, as the manifest says, found 17" in said


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (brightness_model(grid=(32, 48)), "float32 [N, 1, 32, 32]"),
        (
            brightness_model(films=1),
            "with N free as the input 'film', found float32 [1, 1, 32, 32]",
        ),
        (brightness_model(dtype=TensorProto.DOUBLE), "found float64 [films, 1, 32, 32]"),
        (brightness_model(dtype=TensorProto.FLOAT16), "found float16 [films, 1, 32, 32]"),
        (brightness_model(names=("image", "logit")), "one input named 'film', found image"),
        (brightness_model(names=("film", "mask")), "one output named 'logit', found mask"),
    ],
)
def test_another_shape_type_or_name_is_refused(
    tmp_path: Path, model: onnx.ModelProto, said: str
) -> None:
    assert said in refusal(tmp_path, model)


def test_an_input_whose_size_is_open_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.input[0].type.tensor_type.shape.dim[2].dim_param = "rows"
    assert "found float32 [films, 1, rows, 32]" in refusal(tmp_path, model)


def test_a_second_input_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.input.append(helper.make_tensor_value_info("age", TensorProto.FLOAT, [1]))
    assert "one input named 'film', found film, age" in refusal(tmp_path, model)


def test_an_output_of_another_size_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = 2
    assert "as the output 'logit', found float32 [films, 2, 32, 32]" in refusal(tmp_path, model)


def test_an_output_for_one_film_only_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.output[0].type.tensor_type.shape.dim[0].dim_value = 1
    assert "found float32 [1, 1, 32, 32]" in refusal(tmp_path, model)


def test_an_input_that_is_no_tensor_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    sequence = helper.make_tensor_sequence_value_info("film", TensorProto.FLOAT, None)
    model.graph.input[0].CopyFrom(sequence)
    assert "found no tensor" in refusal(tmp_path, model)


def test_a_graph_that_does_not_hold_together_is_refused(tmp_path: Path) -> None:
    model = brightness_model()
    model.graph.node[0].input[0] = "nowhere"
    assert "expected a valid ONNX graph" in refusal(tmp_path, model)
