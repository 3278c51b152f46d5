"""What gansynth_isa_classify prints beside the accuracy: chance, and recall per class."""

import json
import re

import numpy as np
import pytest
import soundfile

from gansynth_isa.cli import classify
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.console import Console

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


def test_class_that_is_mostly_missed_is_shown_with_what_it_is_taken_for(capfd, tmp_path):
    matrix = [[1, 2, 4], [0, 2, 2], [0, 0, 0]]
    recalls = {"hum": 1 / 7, "nut": 0.5, "screw": None}
    accuracies = dict.fromkeys(("accuracy", "accuracy_per_clip", "accuracy_per_file"), 3 / 11)
    counts = {side: {"hum": 7, "nut": 4, "screw": 0} for side in ("train", "test")}
    result = {"mean_recall": 0.321, "num_test_files": 11, "confusion_matrix": matrix, **accuracies}
    classify._show(result | {"recall": recalls, "counts": counts}, tmp_path, Console())
    last = capfd.readouterr().out.splitlines()[-1]
    assert last == "recall per clip: hum 0.14 (4 of 7 as screw), nut 0.50, screw -"


def test_accuracy_stands_beside_chance_and_the_recall_of_each_class(recordings, tmp_path, capfd):
    flags = (*SIZE, PATTERN, f"--data_dir={recordings}", "--method=lda", f"--output_dir={tmp_path / 'C'}")
    assert run_command(classify.main, ["classify", *flags]) == 0
    # 9 of 10 by Wilson's formula: (0.9 + z² / 20 ± z √(0.9 · 0.1 / 10 + z² / 400)) / (1 + z² / 10), z = 1.96.
    first, second = capfd.readouterr().out.splitlines()[-2:]
    assert re.fullmatch(
        r"accuracy 0\.900 \(95 % intervals: per clip 0\.900 \[0\.596, 0\.982\], per file 0\.900 \[0\.596, 0\.982\]\), "
        r"chance \(largest class\) 0\.600; mean of recalls 0\.944; written to .*C",
        first,
    )
    assert second == "recall per clip: hum 0.83, nut 1.00, screw 1.00"
    result = json.loads((tmp_path / "C" / "result.json").read_text())
    assert result["recall"] == pytest.approx({"hum": 5 / 6, "nut": 1.0, "screw": 1.0})
    assert max(result["counts"]["test"].values()) / sum(result["counts"]["test"].values()) == 0.6
