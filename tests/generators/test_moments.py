"""Mean and deviation of clips per class and mel bin, against NumPy and a jackknife done by hand."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError
from gansynth_isa.generators.generation import load_generator
from gansynth_isa.generators.moments import MAX_GROUPS, keep_moments, kept_moments, moments_of
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.training import fit_generator


def clips_of(recordings_per_class, clips_per_recording=2, seed=0):
    """Clips of shape (5, 3, 1) of classes a, b, ...; recordings of a class differ, and so do mel bins."""
    generator, rows, labels, names = np.random.default_rng(seed), [], [], []
    for label, count in enumerate(recordings_per_class):
        for recording in range(count):
            level = generator.normal(label, 1.0, (1, 1, 3, 1))
            rows.append(level + generator.normal(0.0, [[[0.5], [1.0], [2.0]]], (clips_per_recording, 5, 3, 1)))
            labels += [label] * clips_per_recording
            names += [f"{label}/{recording}.wav"] * clips_per_recording
    return ClipSet(
        spectrograms=np.concatenate(rows).astype(np.float32),
        labels=np.array(labels, np.int32),
        class_names=tuple("abcdef"[: len(recordings_per_class)]),
        recordings=tuple(names),
        groups=tuple(names),
        splits=(None,) * len(names),
        digests={name: name for name in names},
    )


def test_means_and_deviations_are_those_of_numpy():
    clips = clips_of((3, 4))
    moments = moments_of(clips)
    for label in (0, 1):
        own = clips.spectrograms[clips.labels == label].astype(np.float64)
        np.testing.assert_allclose(moments.means[label], own.mean(axis=(0, 1, 3)), rtol=1e-9)
        np.testing.assert_allclose(moments.deviations[label], own.std(axis=(0, 1, 3)), rtol=1e-9)


def test_errors_are_the_jackknife_s_with_recordings_left_out():
    clips = clips_of((3, 4))
    moments, names = moments_of(clips), np.array(clips.recordings)
    for label, count in ((0, 3), (1, 4)):
        left_out = [
            clips.spectrograms[(clips.labels == label) & (names != f"{label}/{recording}.wav")].astype(np.float64)
            for recording in range(count)
        ]
        means = np.array([rest.mean(axis=(0, 1, 3)) for rest in left_out])
        logs = np.log([rest.std(axis=(0, 1, 3)) for rest in left_out])
        for values, errors in ((means, moments.mean_errors), (logs, moments.log_errors)):
            squares = (count - 1) / count * np.square(values - values.mean(axis=0)).sum(axis=0)
            np.testing.assert_allclose(errors[label], np.sqrt(squares), rtol=1e-6)


def test_error_of_a_mean_is_that_of_statistics_where_recordings_are_equally_long():
    clips = clips_of((5,), clips_per_recording=3)
    per_recording = clips.spectrograms.reshape(5, 3 * 5, 3).astype(np.float64).mean(axis=1)
    expected = per_recording.std(axis=0, ddof=1) / np.sqrt(5)
    np.testing.assert_allclose(moments_of(clips).mean_errors[0], expected, rtol=1e-6)


def test_class_with_one_recording_borrows_the_variance_between_the_others():
    moments = moments_of(clips_of((1, 4, 2)))
    for errors in (moments.mean_errors, moments.log_errors):
        expected = (4 * errors[1] ** 2 + 2 * errors[2] ** 2) / 2
        np.testing.assert_allclose(errors[0] ** 2, expected, rtol=1e-9)


def test_clips_are_left_out_where_no_class_has_two_recordings():
    clips = clips_of((1, 1), clips_per_recording=4)
    own = clips.spectrograms[:4].astype(np.float64).mean(axis=(1, 3))
    np.testing.assert_allclose(moments_of(clips).mean_errors[0], own.std(axis=0, ddof=1) / 2, rtol=1e-6)


def test_errors_of_one_clip_per_class_are_not_known():
    moments = moments_of(clips_of((1, 1), clips_per_recording=1))
    assert not moments.has_errors and np.isinf(moments.mean_errors).all()
    assert moments_of(clips_of((1, 2))).has_errors


def test_many_recordings_are_left_out_in_groups():
    count = 5 * MAX_GROUPS
    clips = clips_of((count,), clips_per_recording=1, seed=3)
    per_recording = clips.spectrograms.astype(np.float64).mean(axis=(1, 3))
    expected = per_recording.std(axis=0, ddof=1) / np.sqrt(count)
    np.testing.assert_allclose(moments_of(clips).mean_errors[0], expected, rtol=0.5)


def test_moments_do_not_depend_on_the_order_of_clips_and_the_second_channel():
    clips = clips_of((3, 4))
    order = np.random.default_rng(1).permutation(len(clips))
    shuffled = clips.select(order)
    two = np.concatenate([shuffled.spectrograms, 99 + shuffled.spectrograms], axis=-1)
    expected, found = moments_of(clips), moments_of(dataclasses.replace(shuffled, spectrograms=two))
    for name, array in expected.arrays().items():
        np.testing.assert_allclose(found.arrays()[name], array, rtol=1e-6, err_msg=name)


def test_kept_moments_are_those_that_were_written_and_stay_once_the_training_has_begun(tmp_path):
    killed, first, second = (clips_of((3, 4), seed=seed) for seed in (8, 0, 9))
    keep_moments(killed, tmp_path)  # by a training that was killed before it said what it is about
    keep_moments(first, tmp_path)
    (tmp_path / "experiment.json").write_text("{}")
    keep_moments(second, tmp_path)
    found = kept_moments(tmp_path, (2, 3), print)
    for name, array in moments_of(first).arrays().items():
        np.testing.assert_array_equal(found.arrays()[name], array, err_msg=name)
    with pytest.raises(InputError, match=r"moments: damaged \(expected arrays means, .* of shape \(5, 3\)\)"):
        kept_moments(tmp_path, (5, 3), print)


def test_damaged_moments_are_passed_over_with_a_line(tmp_path):
    keep_moments(clips_of((3, 4)), tmp_path)
    (path,) = (tmp_path / "moments").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    lines = []
    assert kept_moments(tmp_path, (2, 3), lines.append) is None
    assert len(lines) == 1 and "not a whole checkpoint" in lines[0]


@pytest.mark.parametrize("name", ["gansynth", "gaussian", "toy"])
def test_training_of_every_kind_keeps_the_moments_of_its_clips(
    name, toy, training, settings_of, surroundings, tmp_path
):
    kind = kind_named(name)
    fit_generator(kind, settings_of(kind), training, 3, tmp_path / "run", surroundings)
    found = load_generator(tmp_path / "run").training_moments
    np.testing.assert_array_equal(found.means, moments_of(training.clips).means)


def test_finished_training_of_an_earlier_version_stays_as_it_is(training, settings_of, surroundings, tmp_path):
    kind = kind_named("gaussian")
    kind.fit(settings_of(kind), training, 3, tmp_path / "run", surroundings)
    fit_generator(kind, settings_of(kind), training, 3, tmp_path / "run", surroundings)
    assert not (tmp_path / "run" / "moments").exists()
    assert load_generator(tmp_path / "run").training_moments is None
