"""Leading directions, against the singular value decomposition."""

import numpy as np
import pytest

from gansynth_isa.generators.components import leading_directions


@pytest.mark.parametrize("shape", [(6, 20), (40, 5)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_directions_are_the_right_singular_vectors_from_the_largest_on(shape, dtype):
    rows = np.random.default_rng(0).normal(size=shape).astype(dtype)
    found = leading_directions(rows, 3)
    expected = np.linalg.svd(rows.astype(np.float64))[2][:3]
    assert found.dtype == dtype
    np.testing.assert_allclose(np.abs(np.sum(found * expected, axis=1)), np.ones(3), atol=1e-5)


def test_directions_that_rows_do_not_span_are_left_out():
    rows = np.outer([1.0, 2.0, -1.0], [3.0, 0.0, 4.0, 0.0])
    np.testing.assert_allclose(np.abs(leading_directions(rows, 5)), [[0.6, 0.0, 0.8, 0.0]], atol=1e-12)
    assert leading_directions(np.zeros((3, 4)), 2).shape == (0, 4)
