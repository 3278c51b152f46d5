"""Transfer of differences: clips against sums by hand."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.fitted import MODEL, fitted_arrays
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.generators.transfer import trained as fitting
from gansynth_isa.generators.transfer.config import TransferConfig
from gansynth_isa.generators.transfer.trained import mean_spectra
from gansynth_isa.runs.checkpoints import save_checkpoint
from gansynth_isa.runs.run_folder import RunFolder

LABELS = np.array([0, 1] * 150, np.int32)


@pytest.fixture
def transfer(training, surroundings, tmp_path):
    """Gives what was fitted with settings."""

    def fit(data=training, **settings):
        kind, folder = kind_named("transfer"), tmp_path / str(len(list(tmp_path.iterdir())))
        kind.fit(kind.resolve(TransferConfig(**settings), training.features), data, 0, folder, surroundings)
        return kind.load(folder, print)

    return fit


@pytest.fixture(scope="module")
def in_order(training):
    """(training clips, labels) in the order in which parents are named."""
    order = [training.clips.clip_ids.index(name) for name in training.clips.fingerprint()["clips"]]
    return training.clips.spectrograms[order], training.clips.labels[order]


def check_differences(trained, clips, differing, largest):
    """Every clip is its parent plus a share from 0 to `largest` of the difference of two."""
    made, parents = trained.clips(LABELS, 4), trained.parent_clips(LABELS, 4)
    added, difference = made - clips[parents[:, 0]], differing[parents[:, 1]] - differing[parents[:, 2]]
    difference = np.broadcast_to(difference, added.shape)
    shares = np.sum(added * difference, axis=(1, 2, 3)) / np.sum(difference**2, axis=(1, 2, 3))
    np.testing.assert_allclose(added, shares[:, None, None, None] * difference, atol=1e-5)
    assert -1e-6 <= shares.min() < 0.05 * largest and 0.95 * largest < shares.max() <= largest + 1e-6
    assert abs(shares.mean() - largest / 2) < 5 * largest / np.sqrt(12 * 300)  # the variance of a uniform number


def test_clips_have_a_share_of_the_difference_of_two_mean_spectra_in_all_frames(transfer, in_order):
    clips, _ = in_order
    trained = transfer(transfer_smoothing=0.0, transfer_largest_share=0.7)
    check_differences(trained, clips, clips.mean(axis=1, keepdims=True), 0.7)


def test_clips_have_a_share_of_the_difference_of_two_clips(transfer, in_order):
    clips, _ = in_order
    check_differences(transfer(transfer_over="clip", transfer_largest_share=1.2), clips, clips, 1.2)


def test_differences_are_those_of_any_class_or_of_the_clip_s_own(transfer, in_order):
    _, labels = in_order
    for whose, shares_of_own in (("own", [1.0]), ("any", [0.4, 0.6])):
        parents = transfer(transfer_from=whose).parent_clips(LABELS, 4)
        classes = labels[parents]
        assert (classes[:, 0] == LABELS).all() and (classes[:, 1] == classes[:, 2]).all()
        assert (parents[:, 1] != parents[:, 2]).all()
        assert len({tuple(pair) for pair in parents[:, 1:]}) == 2 * 3 * 2  # every pair, in both orders
        assert min(shares_of_own) <= np.mean(classes[:, 1] == LABELS) <= max(shares_of_own)


def test_mean_spectra_are_smoothed_by_a_bell_and_leave_a_phase_alone():
    clips = np.zeros((1, 2, 41, 2), np.float32)
    clips[0, 0, 20, 0], clips[0, :, :, 1] = 2.0, 5.0  # on average over two frames 1 in one bin
    spectra = mean_spectra(clips, smoothing=2.0)
    bell = np.exp(-0.5 * (np.arange(-20, 21) / 2.0) ** 2)
    assert spectra.shape == (1, 1, 41, 2)
    np.testing.assert_allclose(spectra[0, 0, :, 0], bell / bell.sum(), atol=1e-4)
    np.testing.assert_array_equal(spectra[..., 1], 0.0)
    np.testing.assert_array_equal(mean_spectra(clips, smoothing=0.0)[0, 0, 19:22, 0], [0.0, 1.0, 0.0])


def test_width_of_the_bell_follows_from_the_mel_bins():
    config = kind_named("transfer").resolve(TransferConfig(), FeatureConfig(mel_bins=128))
    assert config.transfer_smoothing == 4.0
    assert (
        kind_named("transfer").resolve(TransferConfig(transfer_smoothing=0.0), FeatureConfig()).transfer_smoothing == 0
    )


def test_class_of_one_clip_gets_the_differences_of_others(transfer, training):
    fewer = dataclasses.replace(training, clips=training.clips.select([0, 3, 4, 5]))
    parents = transfer(fewer).parent_clips(LABELS, 4)
    assert set(parents[LABELS == 1, 0]) == {3}  # "quiet" follows "loud"
    assert set(parents[:, 1:].reshape(-1)) == {0, 1, 2}


def test_class_of_four_clips_among_classes_of_72_gets_the_differences_that_it_lacks(transfer, training, clips_of):
    """Four clips of one level; those of the plentiful classes differ in it."""
    clips = clips_of((4, 72, 72), clips_per_recording=1)
    levels = 2.0 * np.random.default_rng(1).normal(size=(148, 1, 1, 1)) * (clips.labels > 0)[:, None, None, None]
    clips = dataclasses.replace(clips, spectrograms=(clips.spectrograms + levels).astype(np.float32))
    features = dataclasses.replace(training.features, frames=6, mel_bins=4)
    data = dataclasses.replace(training, clips=clips, features=features)
    trained = transfer(data, transfer_smoothing=0.0, transfer_largest_share=1.0)
    labels = np.zeros(300, np.int32)
    made, parents = trained.clips(labels, 4), trained.parent_clips(labels, 4)
    donors = clips.labels[[clips.clip_ids.index(name) for name in clips.fingerprint()["clips"]]][parents]
    assert (donors[:, 0] == 0).all() and (donors[:, 1] == donors[:, 2]).all()
    assert np.abs(np.bincount(donors[:, 1]) / 300 - 1 / 3).max() < 0.1  # each class as likely, of 4 clips or of 72
    # A share is uniform, its mean square 1/3; in two of three cases it is that of two levels, whose difference has
    # the variance 8.
    assert made.mean(axis=(1, 2, 3)).std() == pytest.approx(np.sqrt(8 / 3 * 2 / 3), rel=0.2)


def test_every_class_has_the_share_that_was_chosen_for_it(transfer, in_order, monkeypatch):
    clips, _ = in_order
    monkeypatch.setattr(fitting, "likeliest_shares", lambda *_: np.array([0.25, 1.5]))
    trained = transfer(transfer_smoothing=0.0)
    made, parents = trained.clips(LABELS, 4), trained.parent_clips(LABELS, 4)
    added = made - clips[parents[:, 0]]
    difference = np.broadcast_to((clips[parents[:, 1]] - clips[parents[:, 2]]).mean(axis=1, keepdims=True), added.shape)
    shares = np.sum(added * difference, axis=(1, 2, 3)) / np.sum(difference**2, axis=(1, 2, 3))
    for label, largest in enumerate((0.25, 1.5)):
        assert 0.95 * largest < shares[label == LABELS].max() <= largest + 1e-5
    assert trained.provenance.details["transfer_largest_share"] == {"loud": 0.25, "quiet": 1.5}
    assert "up to 0.25 (loud), 1.5 (quiet) times the difference of two clips" in trained.summary()


def test_shares_of_another_number_of_classes_are_refused(transfer, tmp_path):
    transfer(transfer_largest_share=1.0)
    (folder,) = tmp_path.iterdir()
    arrays = fitted_arrays(folder, print) | {"largest_share": np.ones(3, np.float32)}
    save_checkpoint(RunFolder(folder).stage_dir(MODEL), 0, arrays)
    with pytest.raises(
        InputError, match=r"array largest_share: expected one or as many as 2 classes, got shape \(3,\)"
    ):
        kind_named("transfer").load(folder, print)


@pytest.mark.parametrize(
    ("settings", "kept", "message"),
    [
        (
            {"transfer_from": "own"},
            [0, 3, 4],
            "two clips of each class or more for the differences of transfer, got 1 of",
        ),
        ({}, [0, 3], "two clips of a class or more for the differences of transfer, got one of each"),
        ({}, [0, 3, 4], "transfer_largest_share: expected a number, for there are too few clips"),
    ],
)
def test_too_few_clips_are_refused_before_anything_is_written(transfer, training, tmp_path, settings, kept, message):
    fewer = dataclasses.replace(training, clips=training.clips.select(kept))
    with pytest.raises(UnfitClips, match=message):
        transfer(fewer, **settings)
    assert not list(tmp_path.iterdir())


def test_metadata_name_the_chosen_share(transfer):
    details = transfer().provenance.details
    assert details["transfer_largest_share"] in (0.125, 0.25, 0.5, 0.75, 1.0, 1.5)
    assert (details["transfer_from"], details["transfer_over"]) == ("any", "mean_spectrum")
