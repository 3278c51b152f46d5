"""The pictures of an evaluation, as files."""

import io
from pathlib import Path

import tensorflow as tf

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.drawing import Figure, drawing, lettering
from gansynth_isa.evaluation.instruments.usefulness import as_clip_set
from gansynth_isa.evaluation.pictures.distributions import Numbers, clip_numbers, distributions_figure, names_of
from gansynth_isa.evaluation.pictures.neighbours import neighbours_picture
from gansynth_isa.evaluation.pictures.spectra import spectra_figure
from gansynth_isa.files import replace_file, writing
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.nearest import NearestClips
from gansynth_isa.measures.onsets import OnsetRule

NEIGHBOURS, SPECTRA, DISTRIBUTIONS = "neighbours.png", "mean_spectra.png", "distributions.png"
DISTANCE = "distance to the nearest clip seen"


def write_pictures(
    folder: Path,
    seen: ClipSet,
    held_out: ClipSet,
    real: ClipSet,
    synthetic: SyntheticClips,
    data: DataConfig,
    features: FeatureConfig,
) -> None:
    """Draws clips with their nearest neighbours, mean spectra, and distributions.

    Args:
      folder: made where it is missing.
      seen: the clips that the generator was trained on.
      held_out: real clips that it was not; may be none.
      real: what clips of these classes are like.
      synthetic: what it generated.
      data, features: of all of them, with nothing left open.

    Raises:
      InputError: the files cannot be written.
    """
    made = as_clip_set(synthetic, seen.class_names)
    of_real, of_made = (
        ClipStatistics.of(clips.spectrograms, clips.labels, clips.class_names) for clips in (real, made)
    )
    rule = OnsetRule.of(of_real)
    real_numbers, made_numbers = (clip_numbers(clips, rule) for clips in (of_real, of_made))
    for each, distances in zip((real_numbers, made_numbers), _distances(seen, held_out, made), strict=True):
        each[DISTANCE] = distances
    figures = {
        SPECTRA: spectra_figure(of_real, of_made, data, features),
        DISTRIBUTIONS: distributions_figure(real_numbers, made_numbers, seen.class_names),
    }
    files = {name: _png(figure, seen.class_names) for name, figure in figures.items()}
    files[NEIGHBOURS] = tf.io.encode_png(neighbours_picture(seen, held_out, made, data, features)).numpy()
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, png in files.items():
            _write(folder / name, png)


def _distances(seen: ClipSet, held_out: ClipSet, made: ClipSet) -> tuple[Numbers, Numbers]:
    """Of real clips that were not seen, and of synthetic ones; without the former of clips seen to other recordings."""
    nearest = NearestClips(seen.spectrograms, seen.recordings)
    if len(held_out):
        real = Numbers(nearest.find(held_out.spectrograms)[0], names_of(held_out))
    else:
        real = Numbers(nearest.left_out(), names_of(seen))
    return real, Numbers(nearest.find(made.spectrograms)[0], names_of(made))


def _png(figure: Figure, class_names: tuple[str, ...]) -> bytes:
    buffer = io.BytesIO()
    with drawing(lettering(class_names)):
        figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _write(path: Path, png: bytes) -> None:
    replace_file(path, lambda file: file.write(png))
