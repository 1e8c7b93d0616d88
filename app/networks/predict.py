"""From a film to a probability and a mask, by one file of one network."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from app.films.pixels import FilmPixels
from app.films.voi import luminance
from app.masks.components import without_specks
from app.networks.folds import default_file, file_for
from app.networks.manifest import NetworkEntry, NetworkFile, NetworkInput, inside, read_manifest
from app.networks.refusals import InFold, NetworkRefused
from app.networks.registry import entry_of, read_trained_on
from app.networks.scaling import to_input, to_native
from app.networks.stored import Prediction, read
from app.networks.verify import verified

Grid = NDArray[np.float32]

# A network of five folds, its lungs and the other architectures fit; each holds some 50 MB.
KEPT_OPEN = 12
LARGEST_LOGIT = 60.0


class Network:
    """One opened, verified file. Safe to use from several threads."""

    def __init__(
        self, entry: NetworkEntry, file: NetworkFile, session: onnxruntime.InferenceSession
    ) -> None:
        self.entry = entry
        self.file = file
        self._session = session

    @property
    def name(self) -> str:
        """The network's name in the manifest."""
        return self.entry.name

    @property
    def sha256(self) -> str:
        """The sha256 of the ONNX file."""
        return self.file.sha256

    @property
    def fold(self) -> int | None:
        """The fold the file never saw; None if it was trained on all films."""
        return self.file.fold

    def probability_grid(self, film: FilmPixels) -> Grid:
        """Return the calibrated probability float32 [h, w] on the network's own grid."""
        return self.probability_of(read_film(film, self.entry.input))

    def probability(self, film: FilmPixels) -> Grid:
        """Return the calibrated probability float32 [H, W] at the film's native size."""
        return to_native(self.probability_grid(film), film.shape)

    def mask(self, film: FilmPixels) -> NDArray[np.bool_]:
        """Return the mask bool [H, W]: probability at least the threshold, specks dropped."""
        return self.mask_of(self.probability(film))

    def mask_of(self, probability: Grid) -> NDArray[np.bool_]:
        """Return the mask of a probability at native size, by the manifest's operating point."""
        operating = self.entry.operating
        return without_specks(probability >= operating.threshold, fraction=operating.specks)

    def probability_of(self, film_input: Grid) -> Grid:
        """Return the calibrated probability [h, w] of an input [1, h, w] made by `read_film`.

        1 / (1 + exp(-logit / T)), with the manifest's temperature T (Guo et al. 2017).
        """
        return sigmoid(self.logits_of(film_input), temperature=self.entry.operating.temperature)

    def logits_of(self, film_input: Grid) -> Grid:
        """Return the logits [h, w] of an input [1, h, w] made by `read_film`."""
        logits: Grid = self._run(film_input[np.newaxis])[0, 0]
        return logits

    def _run(self, batch: Grid) -> Grid:
        names = [self.entry.output.name]
        (logits,) = self._session.run(names, {self.entry.input.name: batch})
        expected = (len(batch), 1, *self.entry.input.grid)
        if logits.shape != expected or logits.dtype != np.float32 or not np.isfinite(logits).all():
            raise NetworkRefused(
                "{path}: expected finite float32 {expected} as the output, it gave {found}.",
                path=self.file.path,
                expected=list(expected),
                found=f"{logits.dtype} {list(logits.shape)}",
            )
        return np.asarray(logits, np.float32)


class KeptPrediction(Network):
    """What a fold's file said of one film; it knows that film and no other."""

    def __init__(self, entry: NetworkEntry, kept: Prediction) -> None:
        file = entry.files[0].model_copy(update={"sha256": kept.sha256, "fold": kept.fold})
        self.entry, self.file = entry, file
        self._kept = kept

    def probability_grid(self, film: FilmPixels) -> Grid:
        """Return the kept probability float32 [h, w] of the film it was made of."""
        if film.sha256() != self._kept.pixels_sha256:
            raise NetworkRefused(
                "The kept prediction of {name} is of another film.", name=self.name
            )
        return self._kept.probability


def sigmoid(logits: Grid, *, temperature: float) -> Grid:
    """Return the probability 1 / (1 + exp(-logit / T)), float32."""
    scaled = np.clip(logits / temperature, -LARGEST_LOGIT, LARGEST_LOGIT)
    probability: Grid = (1 / (1 + np.exp(-scaled))).astype(np.float32)
    return probability


def read_film(film: FilmPixels, reads: NetworkInput) -> Grid:
    """Return the input float32 [1, h, w] that a network with this ``reads`` gets of a film."""
    return to_input(luminance(film), grid=reads.grid, low=reads.low, high=reads.high)


def open_network(models: Path, name: str, *, fold: int | None = None, threads: int = 0) -> Network:
    """Return the network ``name`` of the folder ``models``, verified and ready.

    ``fold`` names the file that never saw this fold; without it, `folds.default_file` does.
    ``threads`` 0 takes all processors. Opened networks are kept and shared. Raises
    `NetworkUnknown` and `NetworkRefused`.
    """
    entry = entry_of(read_manifest(models), name)
    return open_file(models, entry, _file_of_fold(entry, fold), threads=threads)


def open_for_film(
    models: Path, name: str, *, pixels_sha: str, near: str = "", threads: int = 0
) -> Network:
    """Return the file of network ``name`` that never saw the film, or what it said of it.

    ``near`` is the film's near code (`films.prints.near_code_of`). Raises `InFold` where there is
    neither.
    """
    entry = entry_of(read_manifest(models), name)
    try:
        file = file_for(entry, read_trained_on(models, entry), pixels_sha, near)
    except InFold:
        kept = read(models, entry, pixels_sha)
        if kept is None:
            raise
        return KeptPrediction(entry, kept)
    return open_file(models, entry, file, threads=threads)


def open_file(models: Path, entry: NetworkEntry, file: NetworkFile, *, threads: int) -> Network:
    """Return one file of ``entry``; it is verified anew when the file on disk has changed."""
    path = inside(models, file.path)
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    return _opened(models.resolve(), entry, file, threads, stamp)


def _file_of_fold(entry: NetworkEntry, fold: int | None) -> NetworkFile:
    if fold is None:
        return default_file(entry)
    for file in entry.files:
        if file.fold == fold:
            return file
    raise NetworkRefused(
        "The network {name} has no file for fold {fold}.", name=entry.name, fold=fold
    )


@lru_cache(maxsize=KEPT_OPEN)
def _opened(
    models: Path, entry: NetworkEntry, file: NetworkFile, threads: int, stamp: int
) -> Network:
    data = verified(models, entry, file)
    network = Network(entry, file, _session(data, path=inside(models, file.path), threads=threads))
    # Sizes that the file leaves open show when it runs; better here than on a film.
    network.probability_of(np.zeros((1, *entry.input.grid), np.float32))
    return network


def _session(data: bytes, *, path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    # Waiting threads must not burn the processors that other runs need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no class of their own
        raise NetworkRefused(
            "{path}: ONNX Runtime cannot open it ({error}).", path=path, error=error
        ) from error


def names_and_digests(networks: Sequence[Network]) -> list[tuple[str, str]]:
    """Return (name, sha256) of each, as every output carries them."""
    return [(network.name, network.sha256) for network in networks]
