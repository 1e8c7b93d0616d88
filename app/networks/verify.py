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
from app.words import N_

OPSETS = range(13, 24)
# The element type, and sizes: an open one is its name, and None where any name will do.
Kind = tuple[str, list[int | str | None]]
STANDARD_DOMAINS = ("", "ai.onnx")
MAX_BYTES = 1024**3
NO_TENSOR = "no tensor"


def verified(models: Path, entry: NetworkEntry, file: NetworkFile) -> bytes:
    """Return the bytes of ``file`` after every check; raises `NetworkRefused`."""
    path = inside(models, file.path)
    data = _read(path)
    found = hashlib.sha256(data).hexdigest()
    said = N_("{path}: expected the sha256 {sha256}, found {found}.")
    _expect(found == file.sha256, path, said, sha256=file.sha256, found=found)
    verify_bytes(data, path=path, entry=entry, file=file)
    return data


def verify_bytes(data: bytes, *, path: Path, entry: NetworkEntry, file: NetworkFile) -> None:
    """Check that ``data`` is a self-contained network of standard operators as ``entry`` says."""
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's DecodeError has no public home in onnx
        raise NetworkRefused(
            "{path}: expected an ONNX file, it cannot be read as one.", path=path
        ) from error
    said = N_("{path}: expected an ONNX file with a graph, found none.")
    _expect(bool(model.graph.node), path, said)
    _check_self_contained(model, path)
    _check_opset(model, path, file)
    _check_operators(model, path, file.opset)
    _check_input(model, path, entry)
    _check_output(model, path, entry)
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        raise NetworkRefused(
            "{path}: expected a valid ONNX graph ({error}).", path=path, error=error
        ) from error


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        said = N_("{path}: expected at most {limit} bytes, found {size}.")
        _expect(size <= MAX_BYTES, path, said, limit=MAX_BYTES, size=size)
        return path.read_bytes()
    except OSError as error:
        raise NetworkRefused(
            "{path}: expected an ONNX file, it cannot be read ({reason}).",
            cure="Fetch the file, or take its entry out of the manifest.",
            path=path,
            reason=error.strerror,
        ) from error


def _check_self_contained(model: onnx.ModelProto, path: Path) -> None:
    """Refuse weights that lie in another file, wherever in the model the tensor hides."""
    for tensor in _messages(model, onnx.TensorProto):
        outside = tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data
        said = N_("{path}: expected all weights inside the file, found {name} outside.")
        _expect(not outside, path, said, name=repr(tensor.name))


def _check_opset(model: onnx.ModelProto, path: Path, file: NetworkFile) -> None:
    versions = {imported.domain: imported.version for imported in model.opset_import}
    custom = sorted(domain for domain in versions if domain not in STANDARD_DOMAINS)
    said = N_("{path}: expected standard operators only, found the domain {domain}.")
    _expect(not custom, path, said, domain=", ".join(custom))
    found = versions.get("", versions.get("ai.onnx"))
    said = N_("{path}: expected opset {expected}, as the manifest says, found {found}.")
    _expect(found == file.opset, path, said, expected=file.opset, found=found)
    said = N_("{path}: expected an opset from {first} to {last}, found {found}.")
    _expect(found in OPSETS, path, said, first=OPSETS[0], last=OPSETS[-1], found=found)


def _check_operators(model: onnx.ModelProto, path: Path, opset: int) -> None:
    """Refuse what is not in the standard: custom domains, functions, unknown operators."""
    said = N_("{path}: expected standard operators only, found functions of the file's own.")
    _expect(not model.functions, path, said)
    said = N_("{path}: expected a network for inference, found training information.")
    _expect(not model.training_info, path, said)
    said = N_("{path}: expected standard operators of opset {opset} only, found {operator}.")
    for node in _messages(model, onnx.NodeProto):
        name = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
        known = node.domain in STANDARD_DOMAINS and _is_standard(node.op_type, opset)
        _expect(known, path, said, opset=opset, operator=name)


def _is_standard(operator: str, opset: int) -> bool:
    try:
        onnx.defs.get_schema(operator, max_inclusive_version=opset, domain="")
    except onnx.defs.SchemaError:
        return False
    return True


def _check_input(model: onnx.ModelProto, path: Path, entry: NetworkEntry) -> None:
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    said = N_("{path}: expected one input named {name}, found {found}.")
    _check_names(path, said, expected=entry.input.name, values=inputs)
    found = _kind(inputs[0])
    wanted: Kind = ("float32", [None, 1, *entry.input.grid])
    said = N_("{path}: expected {kind} with N free as the input {name}, found {found}.")
    if found[0] == NO_TENSOR:
        said = N_("{path}: expected {kind} with N free as the input {name}, found no tensor.")
    fits = found[0] == wanted[0] and _sizes(found) == wanted[1]
    _expect(fits, path, said, **_told(wanted, entry.input.name, found))


def _check_output(model: onnx.ModelProto, path: Path, entry: NetworkEntry) -> None:
    """Exporters leave sizes open that they cannot work out; those are seen when it first runs."""
    outputs = list(model.graph.output)
    said = N_("{path}: expected one output named {name}, found {found}.")
    _check_names(path, said, expected=entry.output.name, values=outputs)
    found = _kind(outputs[0])
    sizes = _sizes(found)
    wanted: Kind = ("float32", [None, 1, *entry.input.grid])
    fits = (
        len(sizes) == 4
        and sizes[0] is None
        and all(size in (None, want) for size, want in zip(sizes, wanted[1], strict=True))
    )
    said = N_("{path}: expected {kind} with N free as the output {name}, found {found}.")
    if found[0] == NO_TENSOR:
        said = N_("{path}: expected {kind} with N free as the output {name}, found no tensor.")
    _expect(found[0] == wanted[0] and fits, path, said, **_told(wanted, entry.output.name, found))


def _check_names(path: Path, said: str, *, expected: str, values: list[Any]) -> None:
    names = [value.name for value in values]
    _expect(names == [expected], path, said, name=repr(expected), found=", ".join(names))


def _kind(value: onnx.ValueInfoProto) -> Kind:
    """Return the element type and the sizes of an input or output; an open size is its name."""
    tensor = value.type.tensor_type
    number = tensor.elem_type
    known = number in onnx.TensorProto.DataType.values() and number
    name = str(onnx.helper.tensor_dtype_to_np_dtype(number)) if known else NO_TENSOR
    dims = tensor.shape.dim
    return name, [d.dim_value if d.HasField("dim_value") else d.dim_param or "?" for d in dims]


def _sizes(kind: Kind) -> list[int | None]:
    return [size if isinstance(size, int) else None for size in kind[1]]


def _told(wanted: Kind, name: str, found: Kind) -> dict[str, str]:
    return {"kind": _as_written(wanted), "name": repr(name), "found": _as_written(found)}


def _as_written(kind: Kind) -> str:
    return f"{kind[0]} [{', '.join('N' if size is None else str(size) for size in kind[1])}]"


def _messages(message: Any, wanted: type[Any]) -> Iterator[Any]:
    """Yield every protobuf message of a kind inside: in graphs, attributes, functions."""
    if isinstance(message, wanted):
        yield message
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for inner in [value] if hasattr(value, "ListFields") else value:
                yield from _messages(inner, wanted)


def _expect(fits: bool, path: Path, said: str, **values: Any) -> None:
    if not fits:
        raise NetworkRefused(said, path=path, **values)
