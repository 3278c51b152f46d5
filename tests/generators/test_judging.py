"""The judge of clips: against densities of SciPy, and what it must not have seen."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gansynth_isa.classifiers.linear import level_statistics
from gansynth_isa.errors import UnfitClips
from gansynth_isa.generators.judging import Judge


def test_left_out_clips_are_judged_by_gaussians_of_one_covariance_without_their_recording(clips_of, monkeypatch):
    monkeypatch.setattr("gansynth_isa.generators.judging.SHRINKAGES", (1e-9,))
    monkeypatch.setattr("gansynth_isa.generators.judging.SHARPNESSES", (1.0,))
    clips = clips_of((6, 6, 6))
    judge, names, rows = Judge(clips), np.array(clips.recordings), level_statistics(clips.spectrograms)
    for recording in set(names):
        own = names == recording
        of_class = [rows[~own & (clips.labels == label)] for label in range(3)]
        within = sum((len(part) - 1) * np.cov(part.T) for part in of_class) / ((~own).sum() - 3)
        densities = np.stack([multivariate_normal.pdf(rows[own], part.mean(axis=0), within) for part in of_class], 1)
        expected = densities / densities.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(judge.left_out[own], expected, atol=1e-5)
        unseen = [frozenset([recording])] * own.sum()
        np.testing.assert_allclose(judge.probabilities(clips.spectrograms[own], unseen), expected, atol=1e-5)


def test_model_without_recordings_does_not_depend_on_what_they_hold(clips_of):
    clips = clips_of((4, 4, 4), seed=1)
    judge, names = Judge(clips), np.array(clips.recordings)
    hidden = frozenset(["0/0.wav", "1/2.wav"])
    changed = dataclasses.replace(clips, spectrograms=clips.spectrograms.copy())
    changed.spectrograms[np.isin(names, list(hidden))] += 0.5
    other = Judge(changed)
    other._shrinkage, other._sharpness = judge._shrinkage, judge._sharpness
    strange = clips_of((2, 2, 2), seed=5).spectrograms
    np.testing.assert_allclose(
        judge.probabilities(strange, [hidden] * len(strange)),
        other.probabilities(strange, [hidden] * len(strange)),
        rtol=1e-6,
    )
    assert np.abs(judge.probabilities(strange) - other.probabilities(strange)).max() > 1e-3


def test_classes_that_differ_are_told_apart_and_those_that_do_not_are_not(clips_of):
    apart, alike = Judge(clips_of((8, 8, 8), 3.0)), Judge(clips_of((8, 8, 8), 0.0))
    assert (apart.left_out.argmax(axis=1) == apart.labels).mean() > 0.95
    wanted = alike.left_out[np.arange(len(alike.labels)), alike.labels]
    assert wanted.mean() < 0.45  # chance is a third
    strange = clips_of((5, 5, 5), 3.0, seed=7)
    assert (apart.probabilities(strange.spectrograms).argmax(axis=1) == strange.labels).mean() > 0.95


def test_probabilities_are_probabilities(clips_of):
    judge = Judge(clips_of((2, 3, 40), clips_per_recording=1))  # more recordings than folds
    for found in (judge.left_out, judge.probabilities(clips_of((3, 3, 3), seed=2).spectrograms)):
        assert (found > 0).all()
        np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-9)
    assert judge.probabilities(np.zeros((0, 6, 4, 1), np.float32)).shape == (0, 3)


def test_clip_whose_parents_are_all_recordings_of_a_class_cannot_be_judged(clips_of):
    clips = clips_of((2, 4, 4))
    found = Judge(clips).probabilities(clips.spectrograms[:2], [frozenset(["0/0.wav", "0/1.wav"]), frozenset()])
    assert (found[0] == 0).all() and found[1].sum() == pytest.approx(1.0)


def test_class_with_one_recording_is_refused_by_its_name(clips_of):
    with pytest.raises(UnfitClips, match="keep: expected two recordings of every class .* got 1 of class 'b'"):
        Judge(clips_of((3, 1, 3)))


def test_band_without_sound_does_not_disturb(clips_of):
    clips = clips_of((4, 4, 4), 3.0)
    clips.spectrograms[:, :, 3] = -20.0
    assert (Judge(clips).left_out.argmax(axis=1) == clips.labels).mean() > 0.9


def test_clips_of_one_class_cannot_be_judged(clips_of):
    with pytest.raises(UnfitClips, match="keep: expected more training clips, of two classes at least, got 2"):
        Judge(clips_of((2,), clips_per_recording=1))
