"""Whatever a file does to its decoder, it costs that film and nothing else."""

import os
import select
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.films import airlock, refusals
from app.films.airlock import Airlock
from app.films.decode import decode
from app.films.refusals import FilmRefused, Unreadable, refusal
from tests.films.files import COMPRESSIONS, LIMITS, compressed, dicom, grey_image, picture, ramp

FILM = picture(grey_image())


@pytest.fixture(scope="module")
def wholes(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """One file of every kind that has a decoder of its own."""
    folder = tmp_path_factory.mktemp("compressed")
    plain = dicom(ramp(12, shape=(40, 40)), bits=12)
    films = [plain, *(compressed(plain, name, folder) for name in COMPRESSIONS)]
    noise = Image.effect_noise((40, 40), 60)
    films += [picture(noise, kind) for kind in ("PNG", "JPEG", "JPEG2000", "WEBP", "GIF", "BMP")]
    return films + [picture(noise, "TIFF", compression=c) for c in ("tiff_lzw", "jpeg", "raw")]


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_taken_or_refused(
    wholes: list[bytes], capfd: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    damaged = bytearray(data.draw(st.sampled_from(wholes)))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.just(len(damaged)) | st.integers(0, len(damaged)))
    try:
        size = decode(bytes(damaged[:end]), name="damaged", limits=LIMITS).values.size
    except FilmRefused as refused:
        size, said = 0, str(refused)
    assert size <= LIMITS.max_pixels
    assert size or said.startswith("damaged: ")
    assert capfd.readouterr() == ("", "")


@given(st.binary(max_size=600))
def test_any_bytes_are_taken_or_refused(data: bytes) -> None:
    with pytest.raises(FilmRefused):
        decode(data, name="noise", limits=LIMITS)


def test_a_decoder_that_dies_costs_one_film() -> None:
    one = Airlock()
    one.read(FILM, LIMITS)
    child = one._child
    assert child is not None
    os.kill(child.pid, signal.SIGSTOP)  # so that it surely dies between question and answer
    threading.Timer(0.1, child.kill).start()
    with pytest.raises(Unreadable, match="broke down"):
        one.read(FILM, LIMITS)
    assert np.array_equal(one.read(FILM, LIMITS).values, np.asarray(grey_image()))
    one.close()


def test_a_decoder_that_hangs_is_ended() -> None:
    one = Airlock(seconds=0.2)
    child = one._open()
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(Unreadable, match="more than 0 seconds"):
        one.read(FILM, LIMITS)
    assert child.poll() is not None
    one.close()


def test_a_decoder_ends_with_its_house() -> None:
    one = Airlock()
    child = one._open()
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=30) == 0
    one.close()


def test_a_decoder_is_not_given_all_memory() -> None:
    one = Airlock()
    child = one._open()
    one.read(FILM, LIMITS)
    limits = Path(f"/proc/{child.pid}/limits").read_text(encoding="ascii")
    line = next(line for line in limits.splitlines() if line.startswith("Max address space"))
    assert int(line.split()[3]) <= 4 * 1024**3
    one.close()


def test_threads_do_not_get_each_others_films() -> None:
    films = {level: picture(Image.new("L", (30, 20), level)) for level in range(40)}
    seen: dict[int, set[int]] = {}

    def read(level: int) -> None:
        film = decode(films[level], name=str(level), limits=LIMITS)
        seen[level] = set(film.values.ravel().tolist())

    threads = [threading.Thread(target=read, args=(level,)) for level in films]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {level: {level} for level in films}


def test_a_fork_gets_decoders_of_its_own() -> None:
    decode(FILM, name="before", limits=LIMITS)
    ours = [one._child.pid for one in airlock._airlocks if one._child is not None]
    for pid in ours:
        os.kill(pid, signal.SIGSTOP)  # a fork that asked these would wait in vain
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"%d" % decode(FILM, name="inside", limits=LIMITS).values.sum())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert select.select([pipe], [], [], 30)[0]
        assert int(pipe.read()) == np.asarray(grey_image()).sum()
    os.waitpid(child, 0)
    for pid in ours:
        os.kill(pid, signal.SIGCONT)
    assert decode(FILM, name="after", limits=LIMITS).shape == (20, 30)


def test_every_refusal_comes_back_as_itself() -> None:
    kinds = FilmRefused.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds) > 15
    for kind in kinds:
        again = refusal(
            code=kind.code, templates=["It is {how}.", "Mend it."], values={"how": "odd"}
        )
        assert type(again) is kind
        assert again.reason == "It is odd. Mend it."
    assert type(refusal(code="made up", templates=["?", ""], values={})) is refusals.Unreadable
