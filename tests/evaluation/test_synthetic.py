import dataclasses

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.evaluation.synthetic import class_agreement, nearest_real_distance, relative_spread

CLASS_NAMES = ("a", "b")


def real_clips(count=40, deviation=1.0, seed=0):
    labels = np.arange(count, dtype=np.int32) % 2
    log_mel = np.random.default_rng(seed).normal(0, deviation, (count, 4, 6, 1)).astype(np.float32)
    log_mel += 3 * labels[:, None, None, None]
    names = tuple(str(index) for index in range(count))
    return ClipSet(log_mel, labels, CLASS_NAMES, names, names, (None,) * count, dict.fromkeys(names, "x"))


def synthetic_clips(count=40, deviation=1.0, seed=1):
    clips = real_clips(count, deviation, seed)
    return SyntheticClips(clips.log_mel, clips.labels, CLASS_NAMES, {})


@dataclasses.dataclass
class ThresholdClassifier:
    """Class b from a mean of 1.5 on; its classes may stand in another order."""

    class_names: tuple[str, ...] = CLASS_NAMES

    def probabilities(self, log_mel):
        is_b = log_mel.mean(axis=(1, 2, 3)) > 1.5
        return np.stack([is_b == (name == "b") for name in self.class_names], axis=1).astype(float)


def test_class_agreement_counts_wanted_classes_by_name():
    synthetic = synthetic_clips()
    assert class_agreement(ThresholdClassifier(), synthetic) == 1.0
    assert class_agreement(ThresholdClassifier(("b", "a")), synthetic) == 1.0
    swapped = dataclasses.replace(
        synthetic, labels=np.where(np.arange(40) < 10, 1 - synthetic.labels, synthetic.labels)
    )
    assert class_agreement(ThresholdClassifier(), swapped) == pytest.approx(0.75)


@pytest.mark.parametrize("deviation", [0.5, 1.0, 2.0])
def test_relative_spread_is_the_ratio_of_deviations(deviation):
    mean, per_class = relative_spread(real_clips(400), synthetic_clips(400, deviation))
    assert mean == pytest.approx(deviation, rel=0.04)
    assert set(per_class) == {"a", "b"}


def test_relative_spread_does_not_depend_on_the_number_of_clips():
    few = [relative_spread(real_clips(400), synthetic_clips(6, seed=seed))[0] for seed in range(30)]
    assert np.mean(few) == pytest.approx(1.0, abs=0.04)


def test_relative_spread_of_one_prototype_per_class_is_zero():
    synthetic = synthetic_clips()
    prototype = dataclasses.replace(synthetic, log_mel=synthetic.labels[:, None, None, None] * np.ones((1, 4, 6, 1)))
    assert relative_spread(real_clips(), prototype)[0] == pytest.approx(0.0, abs=1e-6)


def test_relative_spread_leaves_out_a_class_that_was_not_generated():
    synthetic = synthetic_clips()
    only_a = SyntheticClips(synthetic.log_mel[::2], synthetic.labels[::2], CLASS_NAMES, {})
    assert set(relative_spread(real_clips(), only_a)[1]) == {"a"}


def test_nearest_real_distance_of_copies_is_zero_and_of_fresh_clips_one():
    real = real_clips(200)
    copies = SyntheticClips(real.log_mel, real.labels, CLASS_NAMES, {})
    assert nearest_real_distance(real, copies) == pytest.approx(0.0, abs=1e-5)
    assert nearest_real_distance(real, synthetic_clips(100)) == pytest.approx(1.0, abs=0.05)


def test_nearest_real_distance_equals_a_direct_computation():
    real, synthetic = real_clips(7), synthetic_clips(5)
    std = real.log_mel.std(axis=(0, 1))
    rows = (real.log_mel / std).reshape(7, -1)
    fakes = (synthetic.log_mel / std).reshape(5, -1)
    among = np.mean([min(np.linalg.norm(rows[i] - rows[j]) for j in range(7) if j != i) for i in range(7)])
    expected = np.mean([min(np.linalg.norm(fake - row) for row in rows) for fake in fakes]) / among
    assert nearest_real_distance(real, synthetic) == pytest.approx(expected, rel=1e-5)


def test_measures_of_nothing_are_refused():
    nothing = SyntheticClips(np.zeros((0, 4, 6, 1), np.float32), np.zeros(0, np.int32), CLASS_NAMES, {})
    with pytest.raises(ValueError, match="expected some, got none"):
        class_agreement(ThresholdClassifier(), nothing)
    with pytest.raises(ValueError, match="two real and two synthetic"):
        relative_spread(real_clips(), nothing)


def test_spread_and_closeness_are_those_of_the_magnitudes_whatever_the_phases():
    real, synthetic = real_clips(), synthetic_clips(deviation=0.5)

    def with_phases(clips, seed):
        phases = np.random.default_rng(seed).normal(0, 5, clips.log_mel.shape).astype(np.float32)
        return dataclasses.replace(clips, log_mel=np.concatenate([clips.log_mel, phases], axis=-1))

    both = with_phases(real, 5), with_phases(synthetic, 6)
    assert relative_spread(*both)[0] == pytest.approx(relative_spread(real, synthetic)[0])
    assert nearest_real_distance(*both) == pytest.approx(nearest_real_distance(real, synthetic))
