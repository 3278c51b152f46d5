"""The generator of a finished run of the progressive GAN, which makes clips."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from gansynth_isa import validation
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import Provenance
from gansynth_isa.generators.gansynth.config import NO_BASE
from gansynth_isa.generators.gansynth.networks.base_images import base_images
from gansynth_isa.generators.gansynth.networks.building import build_generator
from gansynth_isa.generators.gansynth.networks.deployable import deployable_generator
from gansynth_isa.generators.gansynth.trained_run import TrainedRun, read_run
from gansynth_isa.generators.latents import LatentGenerator
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.spectral.normalizers import Normalizer

ROUNDING = (
    "Trained in bfloat16, exported in float32: its clips differ from those of `gansynth_isa_generate` by rounding."
)


class TrainedGansynth(LatentGenerator):
    """The moving average of a finished run's generator, with its class names and normaliser.

    Args:
      train_root_dir: folder of the run, of this project or of the original GANSynth; no recordings are needed.
      warn: gets a line for every damaged checkpoint that is passed over.
      precision: 'float32' or 'bfloat16', of the convolutions; default: that of the training.
      base: of the fitted generator that it starts from, where its configuration names one.

    Raises:
      InputError: the folder holds no run, its training is not finished, or it does not know its normaliser.
    """

    def __init__(
        self,
        train_root_dir: Path | str,
        warn: Callable[[str], None] = print,
        precision: str | None = None,
        base: keras.Model | None = None,
    ):
        run = read_run(train_root_dir, warn)
        if not run.is_finished:
            raise InputError(
                f"{train_root_dir}: training is not finished; run gansynth_isa_train again with the same flags"
            )
        normalizer = run.description.normalizer
        if normalizer is None:
            raise InputError(f"{train_root_dir}: expected a fixed normalizer; the range of this one lay in its data")
        self.description, self.image, self._normalizer = run.description, run.image, normalizer
        config = run.description.config
        self.generator = build_generator(
            config.network,
            len(run.description.class_names),
            run.num_blocks,
            False,
            run.description.num_channels,
            precision=precision or config.training.mixed_precision,
            name="average",
            base=base_images(base, normalizer),
        )
        for variable in self.generator.trainable_variables:
            variable.assign(run.arrays[f"average/{variable.path}"])
        self._call = tf.function(self.generator, reduce_retracing=True)
        self.latent_size = self.generator.latent_size
        self.provenance = _provenance(run, normalizer, self.weights_sha256())

    def clips_of_latents(self, latents: tf.Tensor, labels: np.ndarray) -> np.ndarray:
        images = self.images(latents, tf.one_hot(labels, len(self.class_names))).numpy()
        return self._normalizer.restore(images).astype(np.float32)

    def images(self, latents: tf.Tensor, one_hot: tf.Tensor) -> tf.Tensor:
        """Normalised images (batch, frames, mel_bins, channels) of latents and one-hot labels."""
        return self._call(latents, one_hot)

    def weights_sha256(self) -> str:
        """SHA-256 over names, shapes and values of all weights: what tells this GAN from any other."""
        base = self.generator.base
        variables = [*self.generator.trainable_variables, *(base.model.variables if base else [])]
        return arrays_sha256({variable.path: variable.numpy() for variable in variables})

    def summary(self) -> str:
        return (
            "A progressive GAN with a class head; its generator (moving average of the weights) after "
            f"{self.image:,} images"
        )

    def limits(self) -> tuple[str, ...]:
        was_bfloat16 = self.description.config.training.mixed_precision == "bfloat16"
        return (ROUNDING,) if was_bfloat16 else ()

    def keras_model(self) -> keras.Model:
        return deployable_generator(self.generator, self._normalizer)


def _provenance(run: TrainedRun, normalizer: Normalizer, weights_sha256: str) -> Provenance:
    description = run.description
    is_known = any(description.class_counts)  # a run of the original does not tell its recordings
    counts = dict(zip(description.class_names, description.class_counts, strict=True)) if is_known else {}
    return Provenance(
        kind="gansynth",
        class_names=description.class_names,
        class_counts=counts,
        data=description.config.data,
        features=description.config.features,
        configuration=validation.to_dict(description.config),
        recordings=description.data,
        weights_sha256=weights_sha256,
        details=_base_details(run)
        | {"gan_image": run.image, "gan_sha256": weights_sha256, "normalizer": normalizer.to_dict()},
    )


def _base_details(run: TrainedRun) -> dict:
    base = run.description.config.network.base_generator
    return {} if base == NO_BASE else {"base_generator": base}
