"""What a run sounds like: a clip of each class, generated and real, for TensorBoard."""

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.derived import clip_samples
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.spectral.sound import SoundMaker
from gansynth_isa.validation import known


class Listening:
    """Makes sounds of a run's images.

    Args:
      description: what the run is about.

    Raises:
      InputError: clips that no sound can be made of, see `SoundMaker`.
    """

    def __init__(self, description: RunDescription):
        data, self._features = description.config.data, description.config.features
        self._class_names, self._normalizer = description.class_names, description.normalizer
        self.sample_rate = data.sample_rate
        self._maker = SoundMaker(self._features, data.sample_rate, clip_samples(data))

    def real(self, train: ClipSet) -> dict[str, np.ndarray]:
        """Tag -> float32 (samples,): the first clip of each class, as it comes back from its features."""
        firsts = [int(np.flatnonzero(train.labels == label)[0]) for label in range(len(self._class_names))]
        return self._tagged("real_audio", np.asarray(train.spectrograms[firsts]))

    def generated(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Tag -> float32 (samples,).

        Args:
          images: (classes, frames, mel_bins, channels) normalised, perhaps at a coarser resolution, as the stages
            before the last make them.
        """
        for axis, size in enumerate(self._features.shape[:2], start=1):
            images = np.repeat(images, size // images.shape[axis], axis=axis)
        return self._tagged("fake_audio", known(self._normalizer).restore(images))

    def _tagged(self, tag: str, clips: np.ndarray) -> dict[str, np.ndarray]:
        sounds = self._maker.sounds(clips)
        return {f"{tag}/{name}": sound for name, sound in zip(self._class_names, sounds, strict=True)}
