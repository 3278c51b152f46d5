"""Batches for the GAN, and the stream from clips to features."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.data.clip_sets.pipeline import ReadByBatch, feature_batches, gan_batches
from gansynth_isa.errors import InputError


def images_shown(num_images, batch_size, num_batches, seed=5, first_image=0):
    """Numbers of the images in the order in which they are shown; checks that labels go with their images."""
    numbers = np.arange(num_images, dtype=np.float32)
    images = np.tile(numbers.reshape(-1, 1, 1, 1), (1, 2, 3, 1))
    one_hot = np.eye(3, dtype=np.float32)[np.arange(num_images) % 3]
    batches = gan_batches(images, one_hot, batch_size, seed, first_image)
    shown = []
    for batch_images, batch_labels in itertools.islice(batches, num_batches):
        assert batch_images.shape == (batch_size, 2, 3, 1)
        shown.extend(batch_images[:, 0, 0, 0].numpy().astype(int))
        np.testing.assert_array_equal(np.argmax(batch_labels, axis=1), batch_images[:, 0, 0, 0].numpy() % 3)
    return shown


def test_gan_batches_show_every_image_once_per_epoch_in_another_order():
    shown = images_shown(num_images=21, batch_size=7, num_batches=9)
    epochs = [shown[start : start + 21] for start in (0, 21, 42)]
    assert all(sorted(epoch) == list(range(21)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]
    assert epochs[0] != list(range(21))


def test_gan_batches_started_in_the_middle_go_on_exactly():
    whole = images_shown(num_images=10, batch_size=4, num_batches=20)
    for first_image in (4, 12, 33):
        rest = images_shown(num_images=10, batch_size=4, num_batches=5, first_image=first_image)
        assert rest == whole[first_image : first_image + 20]


def test_gan_batches_of_another_batch_size_keep_the_order():
    assert images_shown(10, batch_size=4, num_batches=6) == images_shown(10, batch_size=8, num_batches=3)


def test_gan_batches_of_another_seed_have_another_order():
    assert images_shown(40, 8, 5, seed=1) != images_shown(40, 8, 5, seed=2)
    assert images_shown(40, 8, 5, seed=1) == images_shown(40, 8, 5, seed=1)


@pytest.mark.parametrize("seed", [257, 1 + 2**16, 1 + 2**40])
def test_gan_batches_of_seeds_that_share_low_bits_have_another_order(seed):
    assert images_shown(40, 8, 5, seed=seed) != images_shown(40, 8, 5, seed=1)


def test_gan_batches_of_300_epochs_never_repeat_an_order():
    shown = images_shown(12, batch_size=12, num_batches=300)
    assert len({tuple(shown[start : start + 12]) for start in range(0, 3600, 12)}) == 300


@pytest.mark.parametrize("num_images", [1, 2, 3])
def test_gan_batches_larger_than_the_data_repeat_images(num_images):
    shown = images_shown(num_images, batch_size=6, num_batches=2)
    assert all(shown.count(number) == 12 // num_images for number in range(num_images))


def balanced_images(labels, num_images, batch_size=6, first_image=0):
    """Numbers of the first images that balanced batches show."""
    numbers = np.arange(len(labels), dtype=np.float32).reshape(-1, 1, 1, 1)
    batches = gan_batches(numbers, np.eye(3, dtype=np.float32)[labels], batch_size, 5, first_image, is_balanced=True)
    shown = [batch[:, 0, 0, 0].numpy().astype(int) for batch, _ in itertools.islice(batches, num_images // batch_size)]
    return np.concatenate(shown)


def test_balanced_gan_batches_show_every_class_as_often_and_every_image_of_a_class():
    """Epochs of 3 x 5 images: in 4 of them each class has 20, its images 20 / 5, 20 / 1 and 20 / 4 each."""
    labels = np.array([0, 0, 1, 0, 0, 2, 2, 0, 2, 2])
    shown = balanced_images(labels, 60)
    for epoch in shown.reshape(4, 15):
        assert np.bincount(labels[epoch]).tolist() == [5, 5, 5]
    assert np.bincount(shown).tolist() == [4, 4, 20, 4, 4, 5, 5, 4, 5, 5]
    assert not np.array_equal(labels[shown[:15]], labels[shown[15:30]])


def test_balanced_gan_batches_started_in_the_middle_go_on_exactly():
    labels = np.array([0, 1, 1, 1, 1, 2, 2])
    whole = balanced_images(labels, 72)
    for first_image in (6, 12, 42):
        np.testing.assert_array_equal(balanced_images(labels, 30, 6, first_image), whole[first_image:][:30])


def test_balanced_gan_batches_of_classes_of_one_size_show_every_image_once_per_epoch():
    shown = balanced_images(np.arange(12) % 3, 36)
    assert all(sorted(epoch) == list(range(12)) for epoch in shown.reshape(3, 12))


class ReadOnDemand(ReadByBatch):
    """Notes how many images are asked for at once."""

    most_asked = 0

    def __getitem__(self, indices):
        self.most_asked = max(self.most_asked, len(indices))
        return super().__getitem__(indices)


def test_gan_batches_of_images_read_on_demand_are_those_of_the_array():
    images = np.random.default_rng(0).normal(size=(9, 2, 3, 1)).astype(np.float32)
    one_hot = np.eye(3, dtype=np.float32)[np.arange(9) % 3]
    on_demand = ReadOnDemand(images)
    pairs = zip(gan_batches(images, one_hot, 4, seed=1), gan_batches(on_demand, one_hot, 4, seed=1), strict=False)
    for held, read in itertools.islice(pairs, 7):
        np.testing.assert_array_equal(held[0], read[0])
        np.testing.assert_array_equal(held[1], read[1])
        assert read[0].shape == (4, 2, 3, 1)
    assert on_demand.most_asked == 4


def test_gan_batches_without_images_are_refused():
    with pytest.raises(ValueError, match="more than 0"):
        gan_batches(np.zeros((0, 2, 2, 1), np.float32), np.zeros((0, 3), np.float32), 4, 0)


def test_feature_batches_keep_order_and_hand_on_a_refusal():
    def waveforms():
        for number in range(5):
            yield np.full(4, number, np.float32)
        raise InputError("x.wav: broken")

    seen = []
    with pytest.raises(InputError, match=r"^x\.wav: broken$"):
        for batch in feature_batches(waveforms(), lambda batch: tf.constant(batch[:, :1] * 2.0), batch_size=2):
            seen.append(batch[:, 0].tolist())
    assert seen == [[0.0, 2.0], [4.0, 6.0]]


def test_feature_batches_read_no_further_than_needed():
    waveforms = (np.full(4, number, np.float32) for number in range(1000))
    batches = feature_batches(waveforms, tf.constant, batch_size=2)
    np.testing.assert_array_equal(next(batches)[:, 0], [0, 1])
    assert next(waveforms)[0] == 2
