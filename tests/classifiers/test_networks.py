import keras
import numpy as np
import pytest

from gansynth_isa.classifiers.networks import DEVIATION_EPSILON, TimeStatistics, build_classifier
from gansynth_isa.config import NETWORKS

SHAPE = (32, 128, 1)


def clips(shape=SHAPE, count=3):
    return np.random.default_rng(0).normal(size=(count, *shape)).astype(np.float32)


@pytest.mark.parametrize("shape", [(32, 128, 1), (32, 1024, 1), (128, 128, 1), (4, 16, 2), (2, 1, 1)])
@pytest.mark.parametrize("name", NETWORKS)
def test_classifier_of_each_input_shape_gives_probabilities(name, shape):
    probabilities = np.asarray(build_classifier(name, shape, 5)(clips(shape)))
    assert probabilities.shape == (3, 5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_time_statistics_equal_numpy_mean_and_deviation_per_band():
    values = clips((6, 4, 2))
    statistics = np.asarray(TimeStatistics()(values)).reshape(3, 4, 4)
    np.testing.assert_allclose(statistics[:, :, :2], values.mean(axis=1), atol=1e-6)
    expected = np.sqrt(values.var(axis=1) + DEVIATION_EPSILON)
    np.testing.assert_allclose(statistics[:, :, 2:], expected, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_classifier_with_the_same_seed_has_the_same_weights_and_with_another_others(name):
    first, again, other = (build_classifier(name, SHAPE, 5, seed=seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(left, right) for left, right in zip(first, again, strict=True))
    assert any(not np.array_equal(left, right) for left, right in zip(first, other, strict=True))


def test_classifier_tells_a_tone_in_one_band_from_the_same_tone_in_another():
    """Pooling over frequency would make these two the same."""
    low, high = np.zeros((1, *SHAPE), np.float32), np.zeros((1, *SHAPE), np.float32)
    low[:, :, 40:44], high[:, :, 80:84] = 3.0, 3.0
    model = build_classifier("cnn", SHAPE, 5)
    assert np.abs(np.asarray(model(low)) - np.asarray(model(high))).max() > 1e-3


@pytest.mark.parametrize("name", NETWORKS)
def test_classifier_saved_and_loaded_predicts_the_same(name, tmp_path):
    model = build_classifier(name, SHAPE, 5)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(np.asarray(loaded(clips())), np.asarray(model(clips())))


def test_classifier_with_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="expected one of cnn, three_layer, cnn420, cnn_large, got 'resnet'"):
        build_classifier("resnet", SHAPE, 5)


def test_three_layer_classifier_has_the_weights_counted_by_hand():
    kernels = 9 * (1 * 16 + 16 * 32 + 32 * 64)
    normalisations = 2 * (16 + 32 + 64)
    head = 64 * 5 + 5
    weights = build_classifier("three_layer", SHAPE, 5).trainable_weights
    assert sum(int(np.prod(weight.shape)) for weight in weights) == kernels + normalisations + head


def test_cnn420_has_about_420_thousand_weights():
    blocks = [9 * first * second + 9 * second**2 + first * second for first, second in ((16, 32), (32, 64), (64, 128))]
    kernels = 9 * 16 + sum(blocks) + 9 * 128 * 100
    normalisations = 2 * (16 + 2 * (32 + 64 + 128) + 100)
    counted = sum(int(np.prod(weight.shape)) for weight in build_classifier("cnn420", SHAPE, 3).trainable_weights)
    assert counted == kernels + normalisations + 100 * 3 + 3
    assert counted == pytest.approx(420_000, rel=0.01)
