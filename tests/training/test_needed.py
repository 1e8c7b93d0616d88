"""Without the training extra, a person is told what to install."""

import subprocess
import sys

import pytest

from app.training.needed import TrainingExtraMissing, missing, require

ABSENT = "a_package_that_nobody_made"


def test_a_missing_package_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(TrainingExtraMissing, match=ABSENT) as caught:
        require([ABSENT])
    assert "make env EXTRAS=train" in str(caught.value)
    assert "requirements-train.txt" in caught.value.cure


def test_what_is_there_is_not_missing() -> None:
    assert missing(["json", ABSENT]) == [ABSENT]
    require(["json"])


def test_the_commands_load_without_torch() -> None:
    program = (
        "import sys; sys.modules['torch'] = sys.modules['monai'] = None\n"
        "import app.cli.train, app.cli.to_onnx"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
