"""What gansynth_isa_classify prints beside the accuracy: chance, and recall per class."""

import json
import re

import numpy as np
import pytest
import soundfile

from gansynth_isa.cli import classify
from gansynth_isa.cli.runtime import run_command

SIZE = ("--sample_rate=8000", "--fft_length=128", "--hop_length=64", "--mel_bins=8", "--feature_cache_dir=")
PATTERN = "--file_pattern=(?P<split>train|test)/(?P<label>[^/]+)/"


@pytest.fixture
def recordings(tmp_path):
    """Noise of three classes; the test side has 6, 3 and 1 recordings, one of the first sounds like the last."""
    level = {"hum": 0.3, "nut": 0.03, "screw": 0.003}
    for place, count in {"train": dict.fromkeys(level, 3), "test": {"hum": 6, "nut": 3, "screw": 1}}.items():
        for name in level:
            for number in range(count[name]):
                path = tmp_path / "R" / place / name / f"{number}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                sound = "screw" if (place, name, number) == ("test", "hum", 5) else name
                rng = np.random.default_rng([number, len(name), place == "test"])
                soundfile.write(path, rng.normal(0.0, level[sound], 1600), 8000)
    return tmp_path / "R"


def test_accuracy_stands_beside_chance_and_the_recall_of_each_class(recordings, tmp_path, capfd):
    flags = (*SIZE, PATTERN, f"--data_dir={recordings}", "--method=lda", f"--output_dir={tmp_path / 'C'}")
    assert run_command(classify.main, ["classify", *flags]) == 0
    first, second = capfd.readouterr().out.splitlines()[-2:]
    assert re.fullmatch(
        r"accuracy 0\.900 \(per clip 0\.900, per file 0\.900\), chance 0\.600; mean of recalls 0\.944; written to .*C",
        first,
    )
    assert second == "recall per clip: hum 0.83, nut 1.00, screw 1.00"
    result = json.loads((tmp_path / "C" / "result.json").read_text())
    assert result["recall"] == pytest.approx({"hum": 5 / 6, "nut": 1.0, "screw": 1.0})
    assert max(result["counts"]["test"].values()) / sum(result["counts"]["test"].values()) == 0.6
