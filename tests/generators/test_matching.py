"""Synthetic clips mapped onto the moments of training clips, against moments worked out with NumPy."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators import matching
from gansynth_isa.generators.generation import load_generator, make_clips, write_clips
from gansynth_isa.generators.matching import CLIPS_PER_CLASS, SEED, matched, moment_map
from gansynth_isa.generators.moments import Moments
from gansynth_isa.generators.registry import kind_named

EXACT = np.zeros((2, 3))


def moments(means, deviations, mean_errors=EXACT, log_errors=EXACT) -> Moments:
    return Moments(*(np.array(part, float) for part in (means, deviations, mean_errors, log_errors)))


REAL = moments([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]], [[1.0, 2.0, 1.0], [2.0, 2.0, 3.0]])
SYNTHETIC = moments([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]], [[1.0, 1.0, 2.0], [1.0, 4.0, 1.0]])


def clips_with(own: Moments, num_clips=50):
    """Clips (2 * num_clips, 4, 3, 2) with these means and deviations, and their labels; the second channel is 7."""
    labels = np.repeat([0, 1], num_clips)
    noise = np.random.default_rng(0).normal(size=(2, num_clips * 4, 3))
    noise = (noise - noise.mean(axis=1, keepdims=True)) / noise.std(axis=1, keepdims=True)
    values = own.means[:, np.newaxis] + own.deviations[:, np.newaxis] * noise
    magnitudes = values.reshape(2 * num_clips, 4, 3)
    return np.stack([magnitudes, np.full_like(magnitudes, 7.0)], axis=-1).astype(np.float32), labels


def test_clips_get_mean_and_deviation_of_their_class_where_these_are_known_exactly():
    clips, labels = clips_with(SYNTHETIC)
    mapped = moment_map(REAL, SYNTHETIC, by_class=True)(clips, labels)
    for label in (0, 1):
        own = mapped[labels == label, :, :, 0].astype(np.float64)
        np.testing.assert_allclose(own.mean(axis=(0, 1)), REAL.means[label], atol=1e-5)
        np.testing.assert_allclose(own.std(axis=(0, 1)), REAL.deviations[label], rtol=1e-5)
    assert (mapped[..., 1] == 7.0).all() and mapped.dtype == np.float32


def test_overall_map_is_one_for_all_classes_and_gives_mean_and_deviation_of_all():
    clips, labels = clips_with(SYNTHETIC)
    real, _ = clips_with(REAL)
    found = moment_map(REAL, SYNTHETIC, by_class=False)
    np.testing.assert_array_equal(found.scales[0], found.scales[1])
    np.testing.assert_allclose(found.offsets[0], found.offsets[1], atol=1e-12)
    mapped = found(clips, labels)[..., 0].astype(np.float64)
    np.testing.assert_allclose(mapped.mean(axis=(0, 1)), real[..., 0].mean(axis=(0, 1)), atol=1e-5)
    np.testing.assert_allclose(mapped.std(axis=(0, 1)), real[..., 0].std(axis=(0, 1)), rtol=1e-5)


@pytest.mark.parametrize("by_class", [False, True])
def test_differences_within_their_errors_are_left_as_they_are(by_class):
    near = moments(SYNTHETIC.means + 0.1, SYNTHETIC.deviations * 1.1, np.full((2, 3), 0.5), np.full((2, 3), 0.5))
    found = moment_map(near, SYNTHETIC, by_class)
    np.testing.assert_array_equal(found.scales, np.ones((2, 3)))
    np.testing.assert_array_equal(found.offsets, np.zeros((2, 3)))
    assert (found.shares == 0).all()


def test_shares_are_those_of_james_and_stein():
    # All classes have one deviation, so that what is left in a class is half the distance between the two shifts.
    shifts, error = np.array([[0.5, 1.0, 1.5], [2.5, 2.0, 1.5]]), 0.4
    alike = moments(np.zeros((2, 3)), np.ones((2, 3)))
    real = moments(shifts, np.ones((2, 3)), np.full((2, 3), error))
    found = moment_map(real, alike, by_class=True)
    mean_shift = shifts.mean(axis=0)
    squares = 1 + np.array([1.0, 0.5, 0.0]) ** 2  # of the real deviation of both classes together
    together = 1 - (error**2 / 2 / squares).sum() / (mean_shift**2 / squares).sum()
    assert found.shares[0, 0] == pytest.approx(together, abs=1e-9)
    left = shifts[0] - together * mean_shift
    assert found.shares[1, 0] == pytest.approx(1 - 3 * error**2 / (left**2).sum(), abs=1e-9)


def test_class_of_one_is_mapped_less_than_a_class_that_is_known_better():
    errors = np.array([[1.0] * 3, [0.1] * 3])
    real = moments(SYNTHETIC.means + [[-1.0], [1.0]], SYNTHETIC.deviations, errors)
    found = moment_map(real, SYNTHETIC, by_class=True)
    assert found.shares[1, 0] < 0.3 and found.shares[2, 0] > 0.9


@pytest.fixture(scope="module")
def trained(training, toy, surroundings, tmp_path_factory):
    """A toy whose clips are half a unit too loud, which does not keep the moments of its training clips."""
    kind, folder = kind_named("toy"), tmp_path_factory.mktemp("toy") / "run"
    kind.fit(kind.config_class(), training, 0, folder, surroundings)
    return load_generator(folder)


@pytest.fixture(scope="module")
def long_training_clips(training):
    """The training clips a hundred times: their moments are known well."""
    clips = training.clips
    many = clips.select(np.tile(np.arange(len(clips)), 100))
    names = tuple(f"{number}-{name}" for number, name in enumerate(many.recordings))
    return dataclasses.replace(many, recordings=names, digests=dict.fromkeys(names, ""))


@pytest.mark.parametrize("by", ["overall", "class"])
def test_matched_clips_lose_what_the_generator_added(trained, long_training_clips, by):
    labels = np.tile([0, 1], 30).astype(np.int32)
    clips, mapped = trained.clips(labels, 4), matched(trained, by, long_training_clips).clips(labels, 4)
    np.testing.assert_allclose(mapped, clips - 0.5, atol=0.02)


def test_matched_clip_depends_on_its_number_alone_and_none_changes_nothing(trained, long_training_clips):
    labels = np.tile([0, 1], 30).astype(np.int32)
    generator = matched(trained, "class", long_training_clips)
    clips = generator.clips(labels, 4)
    np.testing.assert_array_equal(generator.clips(labels[41:44], 4, 41), clips[41:44])
    np.testing.assert_array_equal(matched(trained, "class", long_training_clips).clips(labels, 4), clips)
    assert matched(trained, "none", long_training_clips) is trained


def test_map_is_estimated_from_a_block_of_its_own(trained, long_training_clips, monkeypatch):
    asked = []
    original = trained.clips

    def clips(labels, seed, first=0):
        asked.append((seed, first, len(labels)))
        return original(labels, seed, first)

    monkeypatch.setattr(trained, "clips", clips)
    matched(trained, "class", long_training_clips)
    assert {seed for seed, _, _ in asked} == {SEED}
    assert sum(count for _, _, count in asked) == 2 * CLIPS_PER_CLASS


def test_metadata_name_the_option_and_how_far_the_map_goes(trained, long_training_clips):
    made = make_clips(matched(trained, "class", long_training_clips), 2)
    assert made.metadata["match_moments"] == "class"
    shares = made.metadata["moment_shares"]
    assert 0.9 < shares["all"][0] <= 1 and set(shares["classes"]) == {"loud", "quiet"}
    assert made.metadata["weights_sha256"] == trained.provenance.weights_sha256
    assert "match_moments" not in make_clips(trained, 2).metadata


def test_generator_that_knows_no_moments_is_refused_in_one_line(trained):
    with pytest.raises(InputError, match="match_moments: expected a training that keeps .* give --data_dir"):
        matched(trained, "class")


def test_one_training_clip_per_class_is_refused(trained, training):
    with pytest.raises(UnfitClips, match="match_moments: expected two training clips of one class at least"):
        matched(trained, "overall", training.clips.select([0, 3]))


def test_written_clips_are_those_in_memory(trained, long_training_clips, tmp_path):
    generator = matched(trained, "class", long_training_clips)
    write_clips(generator, tmp_path / "S", 5, seed=2)
    np.testing.assert_array_equal(
        read_synthetic(tmp_path / "S").spectrograms, make_clips(generator, 5, seed=2).spectrograms
    )


def test_block_of_the_map_has_whole_batches():
    assert matching.CLIPS_PER_CLASS % matching.BATCH_SIZE == 0
