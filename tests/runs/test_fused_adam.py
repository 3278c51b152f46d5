"""The fused update over several steps against Adam as published (Kingma and Ba, algorithm 1), in float64."""

import keras
import numpy as np
import pytest

from gansynth_isa.runs.fused_adam import FusedAdam

RATE, EPSILON = 0.01, 1e-8


@pytest.mark.parametrize(("beta1", "beta2"), [(0.0, 0.99), (0.9, 0.999)])
def test_three_steps_equal_adam_in_numpy(beta1, beta2):
    rng = np.random.default_rng(0)
    value = rng.normal(size=5)
    variable = keras.Variable(value.astype(np.float32))
    optimizer = FusedAdam(RATE, beta1, beta2, epsilon=EPSILON)
    optimizer.build([variable])
    mean, square = np.zeros(5), np.zeros(5)
    for step in (1, 2, 3):
        gradient = rng.normal(size=5)
        optimizer.apply([keras.ops.convert_to_tensor(gradient.astype(np.float32))], [variable])
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        # Algorithm 1 in the order of its efficient form, with epsilon beside the uncorrected root.
        rate = RATE * np.sqrt(1 - beta2**step) / (1 - beta1**step)
        value = value - rate * mean / (np.sqrt(square) + EPSILON)
        np.testing.assert_allclose(np.asarray(variable), value, rtol=2e-6, atol=1e-7)
