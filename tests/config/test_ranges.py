"""Numbers far out of range, as flags and stored JSON can hold them."""

import pytest

from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GridConfig, SeedConfig
from gansynth_isa.derived import resolve_features
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GansynthConfig
from gansynth_isa.generators.latents import drawn_latents
from gansynth_isa.validation import from_dict

HUGE = 10**400


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (GridConfig, {"trials": HUGE}, "trials: expected at most 10000, got a whole number of 401 characters"),
        (GridConfig, {"trials": -HUGE}, "trials: expected at least 1, got a whole number of 402 characters"),
        (GridConfig, {"gan_repeats": 10_001}, "gan_repeats: expected at most 10000, got 10001"),
        (GridConfig, {"samples_per_class": 10**26}, "samples_per_class: expected at most 1000000, got 10{26}$"),
        (GridConfig, {"instrument_trials": HUGE}, "instrument_trials: expected at most 10000"),
        (
            GridConfig,
            {"trials": 10_000, "gan_repeats": 10_000},
            "trials: expected at most 1000000 in a grid of 3 levels",
        ),
        (GridConfig, {"subset_seeds": (0, 10**26)}, "subset_seeds: expected numbers from 0 to 4611686018427387904"),
        (GridConfig, {"subset_seeds": (-1,)}, "subset_seeds: expected numbers from 0"),
        (SeedConfig, {"seed": 10**26 - 1}, "seed: expected at most 4611686018427387904, got 9{26}$"),
        (DataConfig, {"subset_seed": 2**63}, "subset_seed: expected at most 4611686018427387904"),
        (ClassifierConfig, {"trial_seed": 2**63}, "trial_seed: expected at most 4611686018427387904"),
        (ClassifierConfig, {"auto_minutes": HUGE}, "auto_minutes: expected a finite number, got a whole number of 401"),
        (ClassifierConfig, {"auto_minutes": 1e308}, r"auto_minutes: expected at most 10080, got 1e\+308"),
        (FeatureConfig, {"frames": 10**12}, "frames: expected at most 65536, got 10{12}$"),
        (DataConfig, {"clip_overlap": 0.9999999999}, "clip_overlap: expected at most 0.95, got 1"),
        (ClassifierConfig, {"classifier_dropout": 10**300}, "classifier_dropout: expected less than 1, got 1e"),
    ],
)
def test_number_far_out_of_range_is_refused_in_one_line(kind, values, message):
    with pytest.raises(InputError, match=message):
        from_dict(kind, values)


@pytest.mark.parametrize("values", [[], "", None, 3])
@pytest.mark.parametrize("kind", [DataConfig, GansynthConfig])
def test_something_else_than_settings_by_name_is_refused(kind, values):
    for wrong in (values, {"network": values}) if kind is GansynthConfig else (values,):
        with pytest.raises(InputError, match="expected settings by name, got "):
            from_dict(kind, wrong)


# 2^16 frames, one each 512 samples and the last of 2048, cover (65535 * 512 + 2048) / 44100 = 760.9 s.
@pytest.mark.parametrize(("clip_seconds", "is_advised"), [(20.0, True), (760.0, True), (762.0, False), (1e30, False)])
def test_clip_too_long_for_default_frames_is_refused_and_frames_advised_where_so_many_are_taken(
    clip_seconds, is_advised
):
    with pytest.raises(InputError, match="clip_seconds: a clip of ") as refusal:
        resolve_features(DataConfig(clip_seconds=clip_seconds), FeatureConfig())
    assert ("or ask for it with --frames=" in str(refusal.value)) is is_advised


def test_largest_numbers_are_accepted_and_clips_can_be_drawn_with_the_largest_seed():
    GridConfig(levels=(4,), methods=("baseline",), generators=(), trials=10_000, samples_per_class=1_000_000)
    ClassifierConfig(auto_minutes=7 * 24 * 60)
    seed = SeedConfig(seed=2**62).seed
    assert drawn_latents(seed + 9_999, 10**9, 3).shape[1] == 3
