"""Pictures of an evaluation: what they hold, and that they are files."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.instruments.usefulness import as_clip_set
from gansynth_isa.evaluation.pictures import neighbours
from gansynth_isa.evaluation.pictures.distributions import clip_numbers, distributions_figure
from gansynth_isa.evaluation.pictures.files import DISTRIBUTIONS, NEIGHBOURS, SPECTRA, write_pictures
from gansynth_isa.evaluation.pictures.spectra import DB_PER_LOG, spectra_figure
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.onsets import OnsetRule

DATA = DataConfig(sample_rate=8000, clip_seconds=0.2)
FEATURES = FeatureConfig(fft_length=256, hop_length=128, mel_bins=16, frames=8)


class Drawn:
    """In place of the class that draws: keeps what it is given."""

    def __init__(self, features, sample_rate, row_names):
        self.row_names = row_names

    def draw(self, rows, titles, title):
        self.rows, self.titles = rows, titles
        return self


def statistics(clips):
    return ClipStatistics.of(clips.spectrograms, clips.labels, clips.class_names)


def test_nearest_clips_stand_under_the_number_of_the_synthetic_ones(make_clips, as_synthetic, monkeypatch):
    monkeypatch.setattr(neighbours, "SamplePictures", Drawn)
    seen, held_out = make_clips(9, 0), make_clips(2, 1)
    made = as_clip_set(as_synthetic(seen), seen.class_names)
    drawn = neighbours.neighbours_picture(seen, held_out, made, DATA, FEATURES)
    assert drawn.rows.shape == (3, 12, 8, 16, 1) and drawn.row_names == seen.class_names
    np.testing.assert_array_equal(drawn.rows[:, :4], drawn.rows[:, 4:8])  # copies
    assert (drawn.rows[:, 8:10] > -1).any() and (drawn.rows[:, 10:] == -1).all()  # two clips were held out
    assert list(drawn.titles) == [0, 4, 8]


def test_class_without_synthetic_clips_has_no_row_and_without_held_out_clips_no_column(
    make_clips, as_synthetic, monkeypatch
):
    monkeypatch.setattr(neighbours, "SamplePictures", Drawn)
    seen = make_clips(5, 0)
    made = as_clip_set(as_synthetic(seen.select(range(10))), seen.class_names)
    drawn = neighbours.neighbours_picture(seen, seen.select([]), made, DATA, FEATURES)
    assert drawn.rows.shape[:2] == (2, 8) and drawn.row_names == ("high", "low") and list(drawn.titles) == [0, 4]


def test_lines_of_spectra_are_class_means_in_decibels(make_clips):
    real, made = statistics(make_clips(20, 0)), statistics(make_clips(10, 1))
    axes = spectra_figure(real, made, DATA, FEATURES).axes
    assert [axis.get_title() for axis in axes] == ["high", "low", "middle"]
    for label, axis in enumerate(axes):
        lines = [line.get_ydata() for line in axis.get_lines()]
        for line, clips in zip(lines, (real, made), strict=True):
            np.testing.assert_allclose(line, DB_PER_LOG * clips.spectra[clips.labels == label].mean(axis=0))


def test_histograms_of_a_number_share_their_edges_and_cover_an_area_of_one(make_clips):
    real, made = statistics(make_clips(30, 0)), statistics(make_clips(20, 1))
    numbers = [clip_numbers(clips, OnsetRule(0.5)) for clips in (real, made)]
    axes = distributions_figure(*numbers, real.class_names).axes
    assert len(axes) == len(numbers[0]) * 3
    for axis in axes:
        corners = [patch.get_xy() for patch in axis.patches]
        assert len(corners) == 2
        for xy in corners:
            assert abs(np.sum(np.diff(xy[:, 0]) * xy[1:, 1])) == pytest.approx(1.0, abs=1e-6)
        assert set(corners[0][:, 0]) == set(corners[1][:, 0])


@pytest.mark.parametrize("num_held_out", [0, 6])
def test_pictures_are_written_as_png(make_clips, as_synthetic, tmp_path, num_held_out):
    seen = make_clips(6, 0)
    held_out = make_clips(2, 1).select(range(num_held_out))
    made = as_synthetic(make_clips(6, 2))
    write_pictures(tmp_path / "new", seen, held_out, seen, made, DATA, FEATURES)
    for name in (NEIGHBOURS, SPECTRA, DISTRIBUTIONS):
        pixels = tf.io.decode_png((tmp_path / "new" / name).read_bytes(), channels=3).numpy()
        assert min(pixels.shape[:2]) > 150 and len(np.unique(pixels)) > 20, name


def test_pictures_of_class_names_in_other_letters_and_of_a_folder_that_is_a_file(make_clips, as_synthetic, tmp_path):
    seen = dataclasses.replace(make_clips(3, 0), class_names=("$x$", "kühl", "螺丝"))
    made = as_synthetic(seen)
    write_pictures(tmp_path, seen, seen, seen, made, DATA, FEATURES)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_pictures(tmp_path / "file", seen, seen, seen, made, DATA, FEATURES)
