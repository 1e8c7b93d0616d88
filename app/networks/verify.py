"""A network's file is read as data and judged before anything runs it.

The bytes that were judged are the bytes that are run: `verified` returns them, so nobody can
change the file in between, and ONNX Runtime never sees a path from which it could load more.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx

from app.networks.manifest import NetworkEntry, NetworkFile, inside
from app.networks.refusals import NetworkRefused

OPSETS = range(13, 24)
STANDARD_DOMAINS = ("", "ai.onnx")
MAX_BYTES = 1024**3


def verified(models: Path, entry: NetworkEntry, file: NetworkFile) -> bytes:
    """Return the bytes of ``file`` after every check; raises `NetworkRefused`."""
    path = inside(models, file.path)
    data = _read(path)
    found = hashlib.sha256(data).hexdigest()
    _expect(found == file.sha256, path, f"the sha256 {file.sha256}", found)
    verify_bytes(data, path=path, entry=entry, file=file)
    return data


def verify_bytes(data: bytes, *, path: Path, entry: NetworkEntry, file: NetworkFile) -> None:
    """Check that ``data`` is a self-contained network of standard operators as ``entry`` says."""
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's DecodeError has no public home in onnx
        raise NetworkRefused(f"{path}: expected an ONNX file, it cannot be read as one.") from error
    _expect(bool(model.graph.node), path, "an ONNX file with a graph", "none")
    _check_self_contained(model, path)
    _check_opset(model, path, file)
    _check_operators(model, path, file.opset)
    _check_input(model, path, entry)
    _check_output(model, path, entry)
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise NetworkRefused(f"{path}: expected a valid ONNX graph ({error}).") from error


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        _expect(size <= MAX_BYTES, path, f"at most {MAX_BYTES} bytes", str(size))
        return path.read_bytes()
    except OSError as error:
        raise NetworkRefused(
            f"{path}: expected an ONNX file, it cannot be read ({error.strerror}).",
            cure="Fetch the file, or take its entry out of the manifest.",
        ) from error


def _check_self_contained(model: onnx.ModelProto, path: Path) -> None:
    """Refuse weights that lie in another file, wherever in the model the tensor hides."""
    for tensor in _messages(model, onnx.TensorProto):
        outside = tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data
        _expect(not outside, path, "all weights inside the file", f"{tensor.name!r} outside")


def _check_opset(model: onnx.ModelProto, path: Path, file: NetworkFile) -> None:
    versions = {imported.domain: imported.version for imported in model.opset_import}
    custom = sorted(domain for domain in versions if domain not in STANDARD_DOMAINS)
    _expect(not custom, path, "standard operators only", f"the domain {', '.join(custom)}")
    found = versions.get("", versions.get("ai.onnx"))
    _expect(found == file.opset, path, f"opset {file.opset}, as the manifest says", str(found))
    supported = f"an opset from {OPSETS[0]} to {OPSETS[-1]}"
    _expect(found in OPSETS, path, supported, str(found))


def _check_operators(model: onnx.ModelProto, path: Path, opset: int) -> None:
    """Refuse what is not in the standard: custom domains, functions, unknown operators."""
    _expect(not model.functions, path, "standard operators only", "functions of the file's own")
    _expect(not model.training_info, path, "a network for inference", "training information")
    for node in _messages(model, onnx.NodeProto):
        name = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
        known = node.domain in STANDARD_DOMAINS and _is_standard(node.op_type, opset)
        _expect(known, path, f"standard operators of opset {opset} only", name)


def _is_standard(operator: str, opset: int) -> bool:
    try:
        onnx.defs.get_schema(operator, max_inclusive_version=opset, domain="")
    except onnx.defs.SchemaError:
        return False
    return True


def _check_input(model: onnx.ModelProto, path: Path, entry: NetworkEntry) -> None:
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    _check_names(path, "input", expected=entry.input.name, values=inputs)
    rows, columns = entry.input.grid
    expected = f"float32 [N, 1, {rows}, {columns}] with N free as the input {entry.input.name!r}"
    found = _kind(inputs[0])
    fits = found[0] == "float32" and _sizes(found) == [None, 1, rows, columns]
    _expect(fits, path, expected, _in_words(found))


def _check_output(model: onnx.ModelProto, path: Path, entry: NetworkEntry) -> None:
    """Exporters leave sizes open that they cannot work out; those are seen when it first runs."""
    outputs = list(model.graph.output)
    _check_names(path, "output", expected=entry.output.name, values=outputs)
    rows, columns = entry.input.grid
    expected = f"float32 [N, 1, {rows}, {columns}] with N free as the output {entry.output.name!r}"
    found = _kind(outputs[0])
    sizes = _sizes(found)
    wanted = [None, 1, rows, columns]
    fits = (
        len(sizes) == 4
        and sizes[0] is None
        and all(size in (None, want) for size, want in zip(sizes, wanted, strict=True))
    )
    _expect(found[0] == "float32" and fits, path, expected, _in_words(found))


def _check_names(path: Path, what: str, *, expected: str, values: list[Any]) -> None:
    names = [value.name for value in values]
    _expect(names == [expected], path, f"one {what} named {expected!r}", ", ".join(names))


def _kind(value: onnx.ValueInfoProto) -> tuple[str, list[int | str]]:
    """Return the element type and the sizes of an input or output; an open size is its name."""
    tensor = value.type.tensor_type
    number = tensor.elem_type
    known = number in onnx.TensorProto.DataType.values() and number
    name = str(onnx.helper.tensor_dtype_to_np_dtype(number)) if known else "no tensor"
    dims = tensor.shape.dim
    return name, [d.dim_value if d.HasField("dim_value") else d.dim_param or "?" for d in dims]


def _sizes(kind: tuple[str, list[int | str]]) -> list[int | None]:
    return [size if isinstance(size, int) else None for size in kind[1]]


def _in_words(kind: tuple[str, list[int | str]]) -> str:
    return f"{kind[0]} [{', '.join(str(size) for size in kind[1])}]"


def _messages(message: Any, wanted: type[Any]) -> Iterator[Any]:
    """Yield every protobuf message of a kind inside: in graphs, attributes, functions."""
    if isinstance(message, wanted):
        yield message
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for inner in [value] if hasattr(value, "ListFields") else value:
                yield from _messages(inner, wanted)


def _expect(fits: bool, path: Path, expected: str, found: str) -> None:
    if not fits:
        raise NetworkRefused(f"{path}: expected {expected}, found {found}.")
