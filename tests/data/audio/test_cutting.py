"""Cutting recordings into clips, checked on ramps whose values are their positions."""

import numpy as np
import pytest

from gansynth_isa.config import DataConfig
from gansynth_isa.data.audio.cutting import cut_clips, level_dbfs
from gansynth_isa.errors import InputError


def settings(**values) -> DataConfig:
    """Clips of 100 samples at 1 kHz."""
    return DataConfig(**{"sample_rate": 1000, "clip_seconds": 0.1, **values})


def ramp(num_samples, channels=1):
    positions = np.arange(num_samples, dtype=np.float32)[:, np.newaxis]
    return positions + 1000 * np.arange(channels, dtype=np.float32)


def first_values(clips):
    return [float(clip.samples[0]) for clip in clips]


def test_cut_clips_without_overlap_drops_the_remainder():
    clips = cut_clips(ramp(350), settings())
    assert first_values(clips) == [0, 100, 200]
    assert [clip.start_s for clip in clips] == [0.0, 0.1, 0.2]
    assert all(clip.samples.shape == (100,) and clip.samples.dtype == np.float32 for clip in clips)


def test_cut_clips_with_overlap_starts_every_quarter_clip():
    assert first_values(cut_clips(ramp(175), settings(clip_overlap=0.75))) == [0, 25, 50, 75]


@pytest.mark.parametrize(("num_samples", "num_clips"), [(100, 1), (199, 1), (200, 2)])
def test_cut_clips_of_whole_lengths_counts_them(num_samples, num_clips):
    assert len(cut_clips(ramp(num_samples), settings())) == num_clips


def test_cut_clips_of_a_minute_by_the_papers_settings_for_pucks_gives_23():
    clips = cut_clips(
        np.zeros((60 * 44100, 1), np.float32), settings(sample_rate=44100, clip_seconds=5.0, clip_overlap=0.5)
    )
    assert [clip.start_s for clip in clips] == [2.5 * number for number in range(23)]


def test_cut_clips_of_short_recording_pads_silence_in_front():
    (clip,) = cut_clips(ramp(30) + 1, settings())
    np.testing.assert_array_equal(clip.samples, np.concatenate([np.zeros(70), np.arange(1, 31)]))
    assert clip.start_s == pytest.approx(-0.07)


def test_cut_clips_each_channel_gives_one_channel_after_the_other():
    clips = cut_clips(ramp(200, channels=2), settings(channels="each"))
    assert first_values(clips) == [0, 100, 1000, 1100]
    assert [clip.channel for clip in clips] == [0, 0, 1, 1]


def test_cut_clips_mix_is_the_mean_of_the_channels():
    assert first_values(cut_clips(ramp(100, channels=2), settings(channels="mix"))) == [500]


def test_cut_clips_one_channel_takes_that_one():
    assert first_values(cut_clips(ramp(100, channels=3), settings(channels="2"))) == [2000]


def test_cut_clips_of_missing_channel_is_refused():
    with pytest.raises(InputError, match="channels: expected an index below 2, the number of channels, got 2"):
        cut_clips(ramp(100, channels=2), settings(channels="2"))


def test_cut_clips_leaves_out_clips_below_the_level_before_peak_normalisation():
    loud, quiet = np.full((100, 1), 0.011, np.float32), np.full((100, 1), 0.009, np.float32)  # about -40 dBFS
    clips = cut_clips(np.concatenate([loud, quiet]), settings(min_clip_dbfs=-40.0, peak_normalize=True))
    assert first_values(clips) == [1.0]


def test_cut_clips_of_silence_with_peak_normalisation_stays_silent():
    (clip,) = cut_clips(np.zeros((100, 1), np.float32), settings(peak_normalize=True))
    np.testing.assert_array_equal(clip.samples, np.zeros(100))


def test_cut_clips_keeps_a_short_loud_recording_whose_padding_would_lower_its_level():
    assert len(cut_clips(np.full((1, 1), 0.0101, np.float32), settings(min_clip_dbfs=-40.0))) == 1


def test_level_of_full_scale_sine_is_minus_three_decibels():
    assert level_dbfs(np.sin(2 * np.pi * np.arange(1000) / 100)) == pytest.approx(-3.0103, abs=1e-3)
    assert level_dbfs(np.zeros(10)) == -np.inf
