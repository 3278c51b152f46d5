"""The curve of accuracies; expected values come from clips that are easy, or say nothing, by construction."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.checks.learning_curve import CurvePoint, curve_table, learning_curve
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError

QUICK = ClassifierConfig(classifier_steps=2, classifier_batch_size=4)


def clips(num_per_class, difference, seed, clips_per_file=1):
    """Clips of two classes that differ by `difference` in level, in noise of deviation 1."""
    rng = np.random.default_rng(seed)
    labels = np.repeat([0, 1], num_per_class).astype(np.int32)
    spectrograms = rng.normal(size=(2 * num_per_class, 4, 8, 1)) + difference * labels[:, None, None, None]
    names = tuple(f"{seed}_{index // clips_per_file}.wav" for index in range(2 * num_per_class))
    return ClipSet(
        spectrograms=spectrograms.astype(np.float32),
        labels=labels,
        class_names=("a", "b"),
        recordings=names,
        groups=names,
        splits=(None,) * len(names),
        digests={},
    )


def test_learning_curve_of_clips_that_differ_much_is_right_and_of_equal_ones_a_guess():
    easy = list(learning_curve(clips(12, 6.0, 0), clips(40, 6.0, 1), (4, 12), (0, 1), QUICK))
    assert [point.level for point in easy] == [4, 12]
    assert all(accuracy == 1.0 for point in easy for accuracy in point.yardstick)
    (guess,) = learning_curve(clips(12, 0.0, 0), clips(200, 0.0, 1), (12,), (0, 1, 2), QUICK)
    assert np.mean(guess.yardstick) == pytest.approx(0.5, abs=0.08)
    assert np.mean(guess.classifier) == pytest.approx(0.5, abs=0.08)


def test_learning_curve_by_file_is_right_more_often_than_by_clip():
    train, test = clips(12, 0.35, 2), clips(200, 0.35, 3, clips_per_file=10)
    by_clip, by_file = (
        next(iter(learning_curve(train, test, (12,), (0,), dataclasses.replace(QUICK, decide_per=unit))))
        for unit in ("clip", "recording")
    )
    assert by_file.yardstick[0] > by_clip.yardstick[0] + 0.05


def test_learning_curve_tells_of_every_subset():
    seen = []
    points = learning_curve(
        clips(4, 1.0, 4), clips(4, 1.0, 5), (2, 4), (0, 1), QUICK, on_trained=lambda: seen.append(1)
    )
    assert len(list(points)) == 2 and len(seen) == 4


def test_learning_curve_at_a_level_above_the_data_is_refused():
    with pytest.raises(InputError, match="expected at least 9 training clips per class"):
        list(learning_curve(clips(8, 1.0, 6), clips(4, 1.0, 7), (9,), (0,), QUICK))


def test_curve_table_has_mean_and_sample_deviation():
    table = curve_table([CurvePoint(4, (0.5, 0.7), (0.6, 0.6)), CurvePoint(9, (0.9,), (1.0,))])
    assert "0.600 ± 0.141" in table and "0.600 ± 0.000" in table
    assert table.splitlines()[-1].replace(" ", "") == "|9|0.900|1.000|"


def test_learning_curve_of_a_scarce_class_with_more_clips_than_there_are_is_refused():
    curve = learning_curve(clips(4, 6.0, 0), clips(4, 6.0, 1), (2,), (0,), QUICK, class_counts={"b": 5})
    with pytest.raises(InputError, match="clips_of_class: expected at most 4 for class 'b'"):
        next(curve)
