"""Networks, losses and training step against tensors of the original."""

from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.checks.reference.networks import check_case, load_case, relative_error
from gansynth_isa.errors import InputError

REFERENCE = Path(__file__).parents[2] / "reference"
CASES = ("one_channel_grow3", "height_only_grow2", "two_channels_grow3")


@pytest.mark.parametrize("name", CASES)
def test_case_of_the_original_agrees_in_every_group(name):
    errors = check_case(*load_case(REFERENCE / f"{name}.npz"))
    assert {"images", "scores", "class logits", "gradients", "updates", "moving averages"} < set(errors)
    assert max(errors.values()) < 1e-4, errors


def test_case_with_one_changed_weight_is_noticed():
    meta, arrays = load_case(REFERENCE / "height_only_grow2.npz")
    name = "init/Discriminator/progressive_gan_discriminator/progressive_gan_block_2/conv0/conv2d/kernel"
    arrays[name] = arrays[name] * 1.01
    assert max(check_case(meta, arrays).values()) > 1e-3


def test_case_without_a_weight_is_refused_by_name():
    meta, arrays = load_case(REFERENCE / "height_only_grow2.npz")
    del arrays["init/Discriminator/discriminator_cond/classification_logits/bias"]
    with pytest.raises(InputError, match="classification_logits/bias"):
        check_case(meta, arrays, "a.npz")


def test_spectral_file_is_not_a_network_case():
    assert load_case(REFERENCE / "normalizers.npz") is None


def test_relative_error_of_nan_is_infinite():
    assert relative_error(np.array([np.nan, 1.0]), np.ones(2)) == np.inf
