"""A finished training in its folder, and the clips that it makes."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa.errors import InputError
from gansynth_isa.generators.diffusion.config import AUTOENCODER
from gansynth_isa.generators.diffusion.description import DiffusionDescription
from gansynth_isa.generators.diffusion.networks.sampler import DiffusionSampler, sampler_model, sampling_of
from gansynth_isa.generators.diffusion.stages import stage_plan
from gansynth_isa.generators.latents import LatentGenerator
from gansynth_isa.runs.checkpoints import arrays_sha256, latest_checkpoint
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.variables import restore_variables

CLIPS_AT_ONCE = 32


class TrainedDiffusion(LatentGenerator):
    """Clips of a finished training: the moving average of its denoising network, and its codec.

    Args:
      description: what was trained.
      arrays: of the last checkpoint.

    Raises:
      InputError: arrays of another shape.
    """

    def __init__(self, description: DiffusionDescription, arrays: dict[str, np.ndarray]):
        self.description, self.sampler = (
            description,
            DiffusionSampler(description.layout(), sampling_of(description.config)),
        )
        parts = {"average": self.sampler.denoiser.trainable_variables, "codec": self.sampler.codec.variables}
        named = {f"{part}/{variable.path}": variable for part, variables in parts.items() for variable in variables}
        restore_variables(named, arrays)
        self._image = int(arrays["image"])
        digest = arrays_sha256({name: arrays[name] for name in named})
        self.provenance = description.provenance(digest, self._details())
        self.latent_size = self.sampler.layout.latent_size
        self._model = sampler_model(self.sampler)
        self._call = tf.function(self._model, reduce_retracing=True)
        self._pass = tf.function(self._passed, reduce_retracing=True)

    def _details(self) -> dict:
        config = self.description.config
        return {
            "diffusion_image": self._image,
            "diffusion_latent_shape": list(self.sampler.layout.latent_shape),
            "diffusion_guidance": config.diffusion_guidance,
            "diffusion_steps": config.diffusion_steps,
        }

    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        return self._call({"latents": latents, "class_index": tf.constant(labels, tf.int32)}).numpy()

    def returned_clips(self, clips: np.ndarray, seed: int = 0) -> np.ndarray:
        parts = []
        for first in range(0, len(clips), CLIPS_AT_ONCE):
            batch = np.asarray(clips[first : first + CLIPS_AT_ONCE], np.float32)
            noise = tf.random.stateless_normal((len(batch), self.sampler.layout.num_values), (seed, first))
            parts.append(self._pass(batch, noise).numpy())
        return np.concatenate(parts) if parts else np.empty_like(clips)

    def _passed(self, clips: tf.Tensor, noise: tf.Tensor) -> tf.Tensor:
        codec = self.sampler.codec
        returned = codec.decode(codec.encode(codec.standardise(clips)))
        if self.sampler.layout.has_residual:
            returned = codec.with_residual(returned, noise)
        return codec.restore(returned)

    def summary(self) -> str:
        size = " x ".join(map(str, self.sampler.layout.latent_shape))
        by = "an autoencoder" if self.description.config.diffusion_latents == AUTOENCODER else "principal components"
        return (
            f"Latent diffusion in {size} latents by {by}; its denoising network (moving average of the weights) after "
            f"{self._image:,} images"
        )

    def limits(self) -> tuple[str, ...]:
        if not self.sampler.layout.has_residual:
            return ()
        return ("What its latents leave out is noise, the same for all classes.",)

    def keras_model(self) -> keras.Model:
        return self._model


def load_diffusion(folder: Path, warn: Callable[[str], None]) -> TrainedDiffusion:
    """The generator that was trained in a folder.

    Raises:
      InputError: there is none, its training is not finished, or it is damaged.
    """
    description = DiffusionDescription.in_folder(folder)
    last = stage_plan(description.config)[-1]
    found = latest_checkpoint(RunFolder(folder).stage_dir(last.name), warn)
    if found is None or found[0] < last.end_image:
        raise InputError(f"{folder}: training is not finished; run gansynth_isa_train again with the same flags")
    return TrainedDiffusion(description, found[1])
