"""The client in docs/client.md, run as it stands there by a process that does not know this project."""

import os
import re
import subprocess
import sys
from importlib.metadata import version

import pytest
import soundfile

from gansynth_isa.export.deployed import load_classifier
from gansynth_isa.export.exporting import export_classifier
from gansynth_isa.export.prediction import Predictor


def test_client_of_the_docs_gives_the_answers_of_predict(repository, stored, classifier_dir, waveform_of, tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", (repository / "docs" / "client.md").read_text(), re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10 and "gansynth_isa" not in code
    (tmp_path / "client.py").write_text(code)
    export_classifier(stored, "saved_model", tmp_path / "X")
    files = []
    for label in (0, 1):
        files.append(str(tmp_path / f"{label}.wav"))
        soundfile.write(files[-1], waveform_of(label, 0.5, 5), 8000, subtype="PCM_16")
    command = [sys.executable, "-I", "client.py", "X", *files]
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
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
