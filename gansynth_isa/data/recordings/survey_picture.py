"""Log-mel spectrograms of random clips, one row per class."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_reader import read_recording
from gansynth_isa.data.recordings.recording import ALL
from gansynth_isa.data.recordings.survey import Facts, Survey
from gansynth_isa.drawing import Axes, AxesImage, Figure, Lettering, drawing, lettering
from gansynth_isa.errors import InputError
from gansynth_isa.spectral.features import LogMel
from gansynth_isa.spectral.scales import duration_s, frequency_ticks
from gansynth_isa.validation import known

NUM_COLUMNS = 4
MAX_NAME_LENGTH = 30  # characters of a file name that fit above a picture
DB_PER_LOG = 10.0 / np.log(10.0)


def write_picture(survey: Survey, data: DataConfig, features: FeatureConfig, seed: int, path: Path | str) -> str | None:
    """Draws up to four clips of each class, each from another recording where there are as many.

    Args:
      survey: of the recordings.
      data, features: with nothing left open.
      seed: which clips.
      path: PNG file to write; its folder is made.

    Returns:
      One line about letters of the names that no font here has; None if there are none.

    Raises:
      InputError: a recording that is gone, no clip that is loud enough, or a file that cannot be written.
    """
    rows = {
        name: _random_clips(survey, name, data, np.random.default_rng([seed, row]))
        for row, name in enumerate(survey.class_names)
    }
    frames, mel_bins, _ = features.shape
    log_mel = LogMel(features.fft_length, features.hop_length, mel_bins, frames, data.sample_rate)
    images = {name: [_decibels(log_mel, samples) for _, samples in clips] for name, clips in rows.items()}
    if not any(images.values()):
        raise InputError("min_clip_dbfs: expected clips to draw, but none is loud enough")
    titles = {name: [title for title, _ in clips] for name, clips in rows.items()}
    letters = lettering([*titles, *(title for row in titles.values() for title in row)])
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with drawing(letters):
            _draw(images, titles, data, features, letters).savefig(path, format="png")
    except OSError as error:
        raise InputError(f"picture: cannot write {path} ({error.strerror or error})") from error
    return letters.warning()


def _random_clips(
    survey: Survey, name: str, data: DataConfig, rng: np.random.Generator
) -> list[tuple[str, np.ndarray]]:
    """(title, samples) of random clips of one class."""
    facts = [fact for fact in survey.facts if fact.recording.label == name]
    chosen = []
    for index in rng.permutation(len(facts)):
        recording = facts[index].recording
        read = read_recording(Path(known(data.data_dir)) / recording.location, recording, data)
        if read.clips:
            clip = read.clips[rng.integers(len(read.clips))]
            chosen.append((_title(facts[index], clip.start_s), clip.samples))
        if len(chosen) == NUM_COLUMNS:
            break
    return chosen


def _title(fact: Facts, start_s: float) -> str:
    """Side, end of the file's name, and where the clip starts."""
    name = Path(fact.recording.path).name
    shown = name if len(name) <= MAX_NAME_LENGTH else f"...{name[3 - MAX_NAME_LENGTH :]}"
    side = "" if fact.side == ALL else f"{fact.side}: "
    return f"{side}{shown} {start_s:.2f} s"


def _decibels(log_mel: LogMel, samples: np.ndarray) -> np.ndarray:
    """(frames, mel_bins) in dB."""
    return DB_PER_LOG * log_mel(samples[np.newaxis]).numpy()[0, :, :, 0]


def _draw(images: dict, titles: dict, data: DataConfig, features: FeatureConfig, letters: Lettering) -> Figure:
    everything = np.concatenate([image.ravel() for row in images.values() for image in row])
    lowest, highest = np.percentile(everything, (5, 99.9))
    height = 1.9 * len(images) + 0.6  # inches
    figure = Figure(figsize=(2.6 * NUM_COLUMNS + 1.4, height), dpi=90)
    figure.subplots_adjust(left=0.08, right=0.93, bottom=0.45 / height, top=1 - 0.3 / height, wspace=0.3, hspace=0.35)
    figure.supxlabel("time in s", fontsize=8)
    axes = figure.subplots(len(images), NUM_COLUMNS, squeeze=False)
    drawn = None
    for row, name in enumerate(images):
        axes[row, 0].set_ylabel(f"{letters.shown(name)}\nHz", fontsize=8)
        for column in range(NUM_COLUMNS):
            axis = axes[row, column]
            if column >= len(images[name]):
                axis.set_axis_off()
                continue
            drawn = _draw_clip(axis, images[name][column], (lowest, highest), data, features)
            axis.set_title(letters.shown(titles[name][column]), fontsize=6)
    bar = figure.colorbar(known(drawn), ax=axes, fraction=0.02, pad=0.02)
    bar.set_label("mel power in dB", fontsize=8)
    bar.ax.tick_params(labelsize=6)
    return figure


def _draw_clip(
    axis: Axes, image: np.ndarray, limits: tuple[float, float], data: DataConfig, features: FeatureConfig
) -> AxesImage:
    """Time to the right in seconds, frequency up."""
    extent = (0.0, duration_s(features, data.sample_rate), 0, features.mel_bins)
    drawn = axis.imshow(
        image.T, origin="lower", aspect="auto", extent=extent, vmin=limits[0], vmax=limits[1], cmap="magma"
    )
    ticks = frequency_ticks(replace(features, data_type="log_mel"), data.sample_rate)
    axis.set_yticks([features.mel_bins * place for place, _ in ticks], [name for _, name in ticks], fontsize=6)
    axis.tick_params(axis="x", labelsize=6)
    return drawn
