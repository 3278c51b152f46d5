"""What does not exist is said before TensorFlow is loaded, which takes half a minute and more on a busy machine."""

import subprocess
import sys

import pytest
import soundfile

COMMAND = """
import sys
from gansynth_isa.cli import {command}
from gansynth_isa.cli.runtime import run_command
status = run_command({command}.main, ["{command}", *sys.argv[1:]])
print("loaded" if "tensorflow" in sys.modules else "not loaded")
sys.exit(status)
"""


@pytest.mark.parametrize(
    ("command", "flags", "message"),
    [
        ("predict", ("--model=.", "there.wav", "gone.wav"), "gone.wav: cannot read the recording (No such file"),
        ("predict", ("--model=gone", "there.wav"), "gone: expected the folder of a trained or exported classifier"),
        (
            "classify",
            ("--data_dir=.", "--output_dir=C", "--method=gan", "--synthetic_dir=gone"),
            "synthetic_dir: expected a folder of synthetic clips, but gone does not exist",
        ),
        (
            "evaluate",
            ("--data_dir=.", "--synthetic_dir=."),
            "synthetic_dir: . holds no finished set of synthetic clips (metadata.json is missing)",
        ),
        (
            "generate",
            ("--train_root_dir=gone", "--output_dir=S"),
            "gone: expected the folder of a trained generator, but it has no experiment.json",
        ),
    ],
)
def test_what_does_not_exist_is_refused_before_tensorflow_is_loaded(command, flags, message, tmp_path):
    soundfile.write(tmp_path / "there.wav", [0.0] * 8000, 8000)
    program = [sys.executable, "-c", COMMAND.format(command=command), *flags]
    ended = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "not loaded\n")
    assert ended.stderr.startswith(f"error: {message}") and ended.stderr.count("\n") == 1
