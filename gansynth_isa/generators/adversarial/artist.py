"""Pictures of what a generator makes, beside real clips."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.files import replace_file
from gansynth_isa.generators.adversarial.state import WganState
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.clip_pictures import SamplePictures
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.training_loop import Listener
from gansynth_isa.spectral.normalizers import fit_normalizer

FIXED_SEED = (20191, 7)
NUM_FIXED = 4  # generated clips of each class, and real ones beside them


class Artist(Listener):
    """Draws clips of fixed latents when a checkpoint is due.

    Args:
      folder, board: of the run.
      description: of the run.
      state: what is trained.
      train: the training clips.
      as_clips: examples (n, ...) to spectrograms (n, frames, mel_bins, channels).
    """

    def __init__(
        self,
        folder: RunFolder,
        board: Board,
        description: FittedDescription,
        state: WganState,
        train: ClipSet,
        as_clips: Callable[[np.ndarray], np.ndarray],
    ):
        self._folder, self._board, self._state, self._as_clips = folder, board, state, as_clips
        names, label = description.class_names, state.stage.label
        self._labels = list(range(len(names))) if label is None else [label]
        shown = [np.flatnonzero(train.labels == each)[:NUM_FIXED] for each in self._labels]
        real = np.stack([train.spectrograms[own[np.arange(NUM_FIXED) % len(own)]] for own in shown])
        features = description.features
        self._normalizer = fit_normalizer(
            features.data_normalizer, real.reshape(-1, *real.shape[2:]), features.normalizer_margin
        )
        self._real = self._normalizer.normalize(real)
        row_names = tuple(names[each] for each in self._labels)
        self._pictures = SamplePictures(features, description.data_config.sample_rate, row_names)

    def resumed(self, image: int) -> None:
        if not self._folder.samples_path(self._state.stage.name, image).exists():  # a signal came before it was drawn
            self.at_checkpoint(image, ended=False)

    def at_checkpoint(self, image: int, ended: bool) -> None:
        made = np.stack([self._normalizer.normalize(self._made(row)) for row in range(len(self._labels))])
        titles = {0: "generated", NUM_FIXED: "real"}
        pixels = self._pictures.draw(np.concatenate([made, self._real], axis=1), titles, f"image {image:,}")
        png = tf.io.encode_png(pixels).numpy()
        replace_file(self._folder.samples_path(self._state.stage.name, image), lambda file: file.write(png))
        self._board.images(image, {"fake_images": pixels})

    def _made(self, row: int) -> np.ndarray:
        """Clips of one class: every class is shown with the same latents."""
        generator = self._state.step.generator
        latents = tf.random.stateless_uniform((NUM_FIXED, generator.latent_size), FIXED_SEED, -1.0, 1.0)
        labels = tf.one_hot([self._labels[row]] * NUM_FIXED, generator.num_classes)
        return self._as_clips(generator(latents, labels).numpy())
