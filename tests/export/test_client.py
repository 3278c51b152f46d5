"""The client in docs/client.md, run as it stands there by a process that does not know this project."""

import os
import re
import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest
import soundfile

from gansynth_isa.export.deployed import load_classifier
from gansynth_isa.export.exporting import export_classifier
from gansynth_isa.export.prediction import Predictor


@pytest.fixture
def files(waveform_of, tmp_path):
    """A recording of either class; the second has two channels, of which only the average is of its class alone."""
    low, high = waveform_of(1, 0.5, 5), waveform_of(0, 0.5, 6)
    names = [str(tmp_path / f"{label}.wav") for label in (0, 1)]
    soundfile.write(names[0], waveform_of(0, 0.5, 5), 8000, subtype="PCM_16")
    soundfile.write(names[1], np.stack([low + high, low - high], axis=1), 8000, subtype="PCM_16")
    return names


def run_client(repository, folder, files):
    """Runs the client of the docs in `folder` on the export `X`."""
    (code,) = re.findall(r"```python\n(.*?)```", (repository / "docs" / "client.md").read_text(), re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 16 and "gansynth_isa" not in code
    (folder / "client.py").write_text(code)
    command = [sys.executable, "-I", "client.py", "X", *files]
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_client_of_the_docs_gives_the_answers_of_predict(repository, stored, classifier_dir, files, tmp_path):
    export_classifier(stored, "saved_model", tmp_path / "X")
    done = run_client(repository, tmp_path, files)
    assert done.returncode == 0, done.stderr
    # TensorFlow 2.21 and newer write their start-up lines at any level.
    startup = re.compile(r"WARNING: All log messages before absl::InitializeLog\(\)|[IWE]\d{4} [^]]*\.cc:\d+\] ")
    obeyed = [int(part) for part in version("tensorflow").split(".")[:2]] < [2, 21]
    assert [line for line in done.stderr.splitlines() if obeyed or not startup.match(line)] == []
    predictor = Predictor(load_classifier(classifier_dir))
    for line, file, name in zip(done.stdout.splitlines(), files, ("high", "low"), strict=True):
        path, words = line.rsplit(": ", 1)
        assert path == file and words.split()[0] == name == predictor.predict(file).class_name
        assert float(words.split()[1]) == pytest.approx(predictor.predict(file).probabilities.max(), abs=6e-4)


def test_client_of_the_docs_refuses_two_channels_where_training_used_single_ones(repository, stored, files, tmp_path):
    export_classifier(stored, "saved_model", tmp_path / "X")
    settings = tmp_path / "X" / "assets" / "settings.json"
    settings.write_text(settings.read_text().replace('"channels": "mix"', '"channels": "each"'))
    done = run_client(repository, tmp_path, files)
    assert done.returncode == 1
    assert f"{files[1]}: expected one channel, got 2: the model was trained with --channels=each" in done.stderr
    assert done.stdout.startswith(f"{files[0]}: high ") and files[1] not in done.stdout
