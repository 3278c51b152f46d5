import numpy as np
import pytest

from gansynth_isa.classifiers.batches import BalancedDraws, ClassifierBatches, EpochDraws, real_share


def numbered(count, first):
    """Clips whose only value is their number."""
    return np.arange(first, first + count, dtype=np.float32).reshape(-1, 1, 1, 1)


def drawn(num_real, num_synthetic, batch_size=8, num_steps=50, seed=0, steps_per_chunk=7):
    real, synthetic = numbered(num_real, 0), numbered(num_synthetic, 1000) if num_synthetic else None
    batches = ClassifierBatches(
        real,
        np.arange(num_real) % 3,
        synthetic,
        None if synthetic is None else np.arange(num_synthetic) % 3,
        batch_size,
        seed,
    )
    chunks = list(batches.chunks(num_steps, steps_per_chunk))
    return np.concatenate([clips for _, clips, _ in chunks]).reshape(num_steps, batch_size), chunks


@pytest.mark.parametrize(
    ("num_real", "num_synthetic", "share"), [(10, 0, 1.0), (10, 990, 0.25), (30, 30, 0.5), (60, 20, 0.75)]
)
def test_real_share_is_that_of_the_union_but_at_least_a_quarter(num_real, num_synthetic, share):
    assert real_share(num_real, num_synthetic) == pytest.approx(share)


@pytest.mark.parametrize(("wanted", "share"), [("union", 0.01), (0.5, 0.5), (0.9, 0.9)])
def test_real_share_that_is_asked_for_is_kept_and_that_of_the_union_may_be_small(wanted, share):
    assert real_share(10, 990, wanted) == pytest.approx(share)
    assert real_share(10, 0, wanted) == 1.0


def test_epoch_draws_hold_each_index_once_per_epoch_and_change_the_order():
    draws = EpochDraws(5, np.random.default_rng(0))
    epochs = [tuple(draws.take(5)) for _ in range(6)]
    assert all(sorted(epoch) == [0, 1, 2, 3, 4] for epoch in epochs)
    assert len(set(epochs)) > 1


def test_batches_larger_than_the_training_side_show_all_clips_equally_often():
    clips, _ = drawn(5, 0, batch_size=8, num_steps=50)
    assert (np.bincount(clips.astype(int).ravel()) == 80).all()


@pytest.mark.parametrize(("batch_size", "share"), [(8, 0.25), (7, 0.25), (1, 0.25)])
def test_batches_with_few_real_clips_are_a_quarter_real_whatever_their_size(batch_size, share):
    clips, _ = drawn(6, 600, batch_size=batch_size, num_steps=40)
    assert (clips < 1000).mean() == pytest.approx(share)


def test_chunks_cover_all_steps_and_keep_labels_with_their_clips():
    _, chunks = drawn(9, 12, num_steps=20, steps_per_chunk=6)
    assert [first for first, *_ in chunks] == [0, 6, 12, 18]
    assert [len(clips) for _, clips, _ in chunks] == [6, 6, 6, 2]
    for _, clips, labels in chunks:
        numbers = clips[..., 0, 0, 0].astype(int)
        np.testing.assert_array_equal(labels, numbers % 1000 % 3)


def test_batches_depend_on_the_seed_and_not_on_the_chunks():
    first, _ = drawn(9, 12, seed=1, steps_per_chunk=5)
    np.testing.assert_array_equal(first, drawn(9, 12, seed=1, steps_per_chunk=50)[0])
    assert (first != drawn(9, 12, seed=2)[0]).any()


@pytest.mark.parametrize("counts", [(5, 5, 5), (72, 4, 72), (1, 30), (3, 0, 9)])
@pytest.mark.parametrize("batch", [1, 7, 32])
def test_balanced_draws_hold_each_class_equally_often_and_each_clip_of_a_class_too(counts, batch):
    labels = np.random.default_rng(1).permutation(np.repeat(np.arange(len(counts)), counts))
    draws, num_classes = BalancedDraws(labels, np.random.default_rng(0)), np.count_nonzero(counts)
    num_batches = 1 + 2000 // batch
    taken = np.concatenate([draws.take(batch) for _ in range(num_batches)])
    per_class = np.bincount(labels[taken], minlength=len(counts))
    # Whole rounds hold every class once; only the last round may be torn.
    assert np.abs(per_class - len(taken) / num_classes)[np.array(counts) > 0].max() < 1
    times = np.bincount(taken, minlength=len(labels))
    for label in np.unique(labels):
        assert np.ptp(times[labels == label]) <= 1


def test_balanced_draws_change_the_order_of_classes_and_of_clips():
    draws = BalancedDraws(np.array([0, 0, 0, 1, 1, 1]), np.random.default_rng(0))
    rounds = [tuple(draws.take(2)) for _ in range(60)]
    assert {(first < 3, second < 3) for first, second in rounds} == {(True, False), (False, True)}
    assert {index for pair in rounds for index in pair} == set(range(6))


def test_batches_of_balanced_classes_leave_synthetic_clips_and_the_real_share_as_they_are():
    labels = np.repeat([0, 1], [90, 10])
    parts = {}
    for is_balanced in (False, True):
        batches = ClassifierBatches(
            numbered(100, 0), labels, numbered(40, 1000), np.arange(40) % 2, 8, 0, 0.5, is_balanced
        )
        ((_, clips, drawn_labels),) = batches.chunks(200, 200)
        numbers = clips[..., 0, 0, 0]
        is_real = numbers < 1000
        assert is_real.mean() == 0.5
        parts[is_balanced] = numbers[~is_real], drawn_labels[is_real]
    np.testing.assert_array_equal(parts[False][0], parts[True][0])
    assert parts[False][1].mean() == pytest.approx(0.1) and parts[True][1].mean() == pytest.approx(0.5)
