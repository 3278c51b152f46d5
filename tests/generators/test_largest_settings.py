"""Settings of kinds that would need endless memory or make clips that cannot be stored are refused at once."""

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.synthetic_clips import as_stored
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.gaussian.config import GaussianConfig
from gansynth_isa.generators.specgan.config import SpecganConfig
from gansynth_isa.generators.transfer.config import TransferConfig
from gansynth_isa.generators.wavegan.config import WaveganConfig


@pytest.mark.parametrize(
    ("config_class", "name", "value", "expected"),
    [
        (GaussianConfig, "gaussian_smoothing", 1e12, "at most 10000, got 1e\\+12"),
        (GaussianConfig, "gaussian_basis_smoothing", 1e12, "at most 10000, got 1e\\+12"),
        (TransferConfig, "transfer_smoothing", 1e9, "at most 10000, got 1e\\+09"),
        (WaveganConfig, "wavegan_model_size", 10_001, "at most 10000, got 10001"),
        (SpecganConfig, "specgan_batch_size", 10_001, "at most 10000, got 10001"),
        (TransferConfig, "transfer_largest_share", 1e300, "at most 100, got 1e\\+300"),
    ],
)
def test_setting_beyond_all_use_is_refused_in_one_line(config_class, name, value, expected):
    with pytest.raises(InputError, match=f"^{name}: expected {expected}$"):
        config_class(**{name: value})


def test_clips_beyond_float16_are_bad_input_and_no_internal_failure():
    assert as_stored(np.float32([65504.0])) == 65504.0  # the largest of float16
    with pytest.raises(UnfitClips, match="^spectrograms: expected values that are finite in float16$"):
        as_stored(np.float32([65536.0]))
