"""Grids: where each clip stands, and which channel."""

import numpy as np

from gansynth_isa.config import FeatureConfig
from gansynth_isa.runs.clip_pictures import (
    CLIP_HEIGHT,
    CLIP_WIDTH,
    DOTS_PER_INCH,
    PANEL_BOTTOM,
    PANEL_TOP,
    RIGHT,
    TITLE_HEIGHT,
    SamplePictures,
)

FEATURES = FeatureConfig(mel_bins=8, frames=8)


class Picture:
    """A drawn grid of two rows and three columns, to be asked for the brightness of places."""

    def __init__(self, rows, features=FEATURES):
        self.pixels = SamplePictures(features, 44100, ("a", "b")).draw(rows, {0: "left"}, "title").astype(int)

    def brightness(self, channel, row, column, time, frequency):
        """Of the grid's pixel at a share of the duration and of the frequencies of one clip."""
        panel = PANEL_TOP + 2 * CLIP_HEIGHT + PANEL_BOTTOM
        y = TITLE_HEIGHT + channel * panel + PANEL_TOP + CLIP_HEIGHT * (row + 1 - frequency)
        x = self.pixels.shape[1] / DOTS_PER_INCH - RIGHT - CLIP_WIDTH * (3 - column - time)
        return self.pixels[int(y * DOTS_PER_INCH), int(x * DOTS_PER_INCH)].sum()


def test_grid_shows_rows_from_the_top_time_to_the_right_and_frequency_up():
    rows = np.full((2, 3, 8, 8, 1), -1.0)
    rows[1, 2, 4:, 4:] = 1.0  # second row, third column: late and high
    picture = Picture(rows)
    assert picture.brightness(0, 1, 2, 0.75, 0.75) > 600
    for place in ((1, 2, 0.25, 0.75), (1, 2, 0.75, 0.25), (0, 2, 0.75, 0.75), (1, 0, 0.75, 0.75)):
        assert picture.brightness(0, *place) < 100, place


def test_grid_of_two_channels_shows_the_phase_below_the_magnitude():
    rows = np.full((2, 3, 8, 8, 2), -1.0)
    rows[0, 1, ..., 0] = 1.0
    rows[1, 0, ..., 1] = 0.0  # the middle of a cyclic colour map is dark, its ends are bright
    features = FeatureConfig(data_type="mel", mel_bins=8, frames=8)
    one, two = Picture(rows[..., :1]), Picture(rows, features)
    assert two.pixels.shape[0] > 1.8 * one.pixels.shape[0]
    assert two.brightness(0, 0, 1, 0.5, 0.5) > 600 > 100 > two.brightness(0, 1, 1, 0.5, 0.5)
    assert two.brightness(1, 1, 0, 0.5, 0.5) < 200 < 500 < two.brightness(1, 0, 1, 0.5, 0.5)


def test_grid_leaves_room_for_the_longest_class_name_but_not_for_any_length():
    rows = np.zeros((2, 1, 8, 8, 1))
    widths = [
        SamplePictures(FEATURES, 44100, ("a", name)).draw(rows, {}, "").shape[1]
        for name in ("b", "b" * 20, "b" * 32, "b" * 300)
    ]
    assert widths[0] < widths[1] < widths[2] == widths[3]


def test_title_that_is_wider_than_its_columns_does_not_run_into_the_next_one():
    rows = np.zeros((1, 4, 8, 8, 1))

    def above(last_column):
        """Pixels above the third and fourth column."""
        titles = {0: "real", 2: "GANSynth as published", 3: last_column}
        pixels = SamplePictures(FEATURES, 44100, ("a",)).draw(rows, titles, "")
        top, right = round((TITLE_HEIGHT + PANEL_TOP) * DOTS_PER_INCH) - 3, pixels.shape[1]
        left, middle = (round(right - (RIGHT + CLIP_WIDTH * columns) * DOTS_PER_INCH) for columns in (2, 1))
        return pixels[:top, left:middle], pixels[:top, middle:]

    long, empty = above("")
    assert long.min() < 100 and empty.min() == 255  # letters, and none
    alone, title = above("SpecGAN with a title of many words, which two lines do not hold")
    assert np.array_equal(alone, long) and title.min() < 100


def test_title_of_many_words_stays_above_its_panel():
    rows = np.zeros((1, 1, 8, 8, 2))
    features = FeatureConfig(data_type="mel", mel_bins=8, frames=8)

    def between(title):
        """Pixels of the lower half between the two panels, where the times of the upper one stand, and above both."""
        pixels = SamplePictures(features, 44100, ("a",)).draw(rows, {0: title}, "title")
        end = round((TITLE_HEIGHT + PANEL_TOP + CLIP_HEIGHT + PANEL_BOTTOM - 0.02) * DOTS_PER_INCH)
        return pixels[: round(TITLE_HEIGHT * DOTS_PER_INCH) - 2], pixels[end - 8 : end]

    for short, long in zip(between("a"), between("a title of very many words " * 3), strict=True):
        assert np.array_equal(short, long)
