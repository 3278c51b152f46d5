"""What is not finite is named."""

import numpy as np

from gansynth_isa.runs.finite import array_not_finite, not_finite


def test_finite_losses_are_nothing_to_tell_of():
    assert not_finite({"loss": 1e30, "other": -0.0}, 0, 8) is None


def test_losses_that_are_not_finite_are_all_named_with_the_images():
    losses = {"a": float("nan"), "b": 1.0, "c": float("-inf")}
    assert not_finite(losses, 12_000, 12_008) == "a is nan, c is -inf between the images 12,000 and 12,008"


def test_first_array_with_a_value_that_is_not_finite_is_named():
    arrays = {"good": np.arange(3), "bad": np.array([1.0, np.inf]), "worse": np.array(np.nan)}
    assert array_not_finite(arrays) == "bad"
    assert array_not_finite({"good": arrays["good"]}) is None
