"""How good the clips of a training are at the end of a stage, by the training clips alone."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from gansynth_isa.data.clip_sets.pipeline import Images
from gansynth_isa.generators.gansynth.latents import INSTRUMENT_SEED, NUM_FIXED
from gansynth_isa.generators.gansynth.networks.generator import Generator
from gansynth_isa.generators.gansynth.training.samples import generate_rows
from gansynth_isa.measures.clip_statistics import ClipStatistics
from gansynth_isa.measures.comparing import compare_clips
from gansynth_isa.measures.nearest import STD_FLOOR, NearestClips, memorisation
from gansynth_isa.measures.per_class import PerClass
from gansynth_isa.spectral.normalizers import Normalizer

CLIPS_PER_CLASS = 32  # generated, and left out of the training clips in turn
MOST_BYTES = 2**28  # of the training clips that are looked at


class StageInstruments:
    """Measures the images of a stage.

    Images are compared as the networks see them, normalised and at the stage's resolution. Memorisation is relative to
    training clips, each beside those of other recordings.

    Args:
      images: the training clips at the stage's resolution; of many large ones as many as fit, evenly spread.
      labels: (clips,) their class indices.
      recordings: (clips,) of which recording each is.
      class_names: of all classes.
      normalizer: of the run.
    """

    def __init__(
        self,
        images: np.ndarray | Images,
        labels: np.ndarray,
        recordings: Sequence[str],
        class_names: Sequence[str],
        normalizer: Normalizer,
    ):
        most = max(2, MOST_BYTES // (4 * int(np.prod(images.shape[1:]))))
        chosen = np.unique(np.linspace(0, len(images) - 1, min(most, len(images))).round().astype(np.int64))
        real, self._labels = images[chosen], labels[chosen]
        self._class_names = tuple(class_names)
        self._real = ClipStatistics.of(real, self._labels, class_names)
        floor = STD_FLOOR * float(np.mean(normalizer.scale[..., 0]))
        self._nearest = NearestClips(real, [recordings[index] for index in chosen], floor)

    def measure(self, generator: Generator, progress: tf.Tensor) -> dict[str, PerClass]:
        """What `compare_clips` measures, and 'memorisation', of clips from latents that are the same in every run."""
        made = _generated(generator, progress)
        labels = np.repeat(np.arange(len(self._class_names)), CLIPS_PER_CLASS)
        distances = self._nearest.find(made)[0], labels
        return {
            **compare_clips(self._real, ClipStatistics.of(made, labels, self._class_names)),
            "memorisation": memorisation(distances, self._left_out(), self._class_names),
        }

    def _left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Distances of some training clips of each class to those of other recordings, and their labels."""
        members = [np.flatnonzero(self._labels == label) for label in range(len(self._class_names))]
        places = [np.linspace(0, len(own) - 1, min(CLIPS_PER_CLASS, len(own))).round().astype(int) for own in members]
        which = np.concatenate([own[place] for own, place in zip(members, places, strict=True)])
        return self._nearest.left_out(which), self._labels[which]


def _generated(generator: Generator, progress: tf.Tensor) -> np.ndarray:
    """Images (classes * CLIPS_PER_CLASS, frames, mel_bins, channels), class after class."""
    latents = tf.random.stateless_normal((CLIPS_PER_CLASS, generator.latent_size), INSTRUMENT_SEED)
    # As many at once as the pictures show: more would need more memory than training does.
    parts = [
        generate_rows(generator, latents[first : first + NUM_FIXED], progress)
        for first in range(0, CLIPS_PER_CLASS, NUM_FIXED)
    ]
    rows = np.concatenate(parts, axis=1)
    return rows.reshape(-1, *rows.shape[2:])


def board_instruments(measures: dict[str, PerClass]) -> dict[str, float]:
    """Tag -> mean over classes, as TensorBoard shows them; what could not be measured is not shown."""
    return {f"instruments/{name}": values.mean for name, values in measures.items() if values.mean is not None}
