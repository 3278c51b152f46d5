"""The trained generator as one Keras model: standard normal numbers and a class in, a clip out."""

import dataclasses
from typing import Any

import keras
from keras import ops

from gansynth_isa.generators.diffusion.config import ANGLE, DiffusionConfig
from gansynth_isa.generators.diffusion.edm import sample
from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.networks.changes import NUM_CHANGES
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.networks.denoiser import Denoiser
from gansynth_isa.tensors import Shape, Tensor


@dataclasses.dataclass(frozen=True)
class Sampling:
    """How clips are made of noise.

    Attributes:
      num_steps: of Heun's method.
      guidance: 0 for no class, 1 for the class as it was learnt, more for more of it.
      variable: of `edm.sample`.
    """

    num_steps: int = 18
    guidance: float = 1.0
    variable: str = ANGLE


def sampling_of(config: DiffusionConfig) -> Sampling:
    """How a configuration makes clips."""
    return Sampling(config.diffusion_steps, config.diffusion_guidance, config.diffusion_heun)


def guided(with_class: Tensor, without: Tensor, guidance: float) -> Tensor:
    """Away from what is expected without the class (Ho and Salimans 2022); 1 is what is expected with it."""
    return without + guidance * (with_class - without)


@keras.saving.register_keras_serializable("gansynth_isa")
class DiffusionSampler(keras.layers.Layer):
    """Clips of latents: the whole loop of Heun's method, the decoder, and the noise of the residual.

    Args:
      layout: sizes, a `Layout` or its values by name.
      sampling: a `Sampling` or its values by name.
      seed: of the initial weights.
      denoiser, codec: networks that are there already; default: new ones.

    Call: latents (batch, layout.latent_size) and class indices (batch,) to clips (batch, *clip_shape), restored.
    """

    def __init__(
        self,
        layout: Layout | dict,
        sampling: Sampling | dict,
        seed: int = 0,
        denoiser: Denoiser | None = None,
        codec: Codec | None = None,
        **options: Any,
    ):
        super().__init__(**{"name": "diffusion_sampler", "dtype": "float32"} | options)
        self.layout = layout if isinstance(layout, Layout) else _layout_of(layout)
        self.sampling = sampling if isinstance(sampling, Sampling) else Sampling(**sampling)
        self.denoiser = denoiser or Denoiser(self.layout, NUM_CHANGES, seed)
        self.codec = codec or Codec(self.layout, seed)
        self.built = True

    def compute_output_shape(self, latents_shape: Shape, class_index_shape: Shape) -> Shape:
        """(batch, frames, mel_bins, channels)."""
        return latents_shape[0], *self.layout.clip_shape

    def call(self, latents: Tensor, class_index: Tensor) -> Tensor:
        """The clips."""
        num_latents = self.layout.num_latents
        noise = ops.reshape(latents[:, :num_latents], (-1, *self.layout.latent_shape))
        standardised = self.codec.decode(self.sample(noise, class_index))
        if self.layout.has_residual:
            standardised = self.codec.with_residual(standardised, latents[:, num_latents:])
        return self.codec.restore(standardised)

    def sample(self, noise: Tensor, class_index: Tensor) -> Tensor:
        """Scaled latents of standard normal ones (batch, *latent_shape) and class indices (batch,)."""
        labels = ops.one_hot(class_index, self.layout.num_classes)
        how = self.sampling
        return sample(lambda x, sigma: self.expected(x, sigma, labels), noise, how.num_steps, how.variable)

    def expected(self, x: Tensor, sigma: Tensor, labels: Tensor) -> Tensor:
        """What lies below the noise of one level, with guidance and without changes."""
        guidance = self.sampling.guidance
        if guidance == 1.0:
            return self._denoised(x, sigma, labels)
        if guidance == 0.0:
            return self._denoised(x, sigma, ops.zeros_like(labels))
        both = ops.concatenate([x, x]), sigma, ops.concatenate([labels, ops.zeros_like(labels)])
        with_class, without = ops.split(self._denoised(*both), 2)
        return guided(with_class, without, guidance)

    def _denoised(self, x: Tensor, sigma: Tensor, labels: Tensor) -> Tensor:
        levels = sigma * ops.ones_like(labels[:, 0])
        return self.denoiser(x, levels, labels, ops.tile(ops.zeros_like(labels[:, :1]), (1, NUM_CHANGES)))

    def get_config(self) -> dict[str, Any]:
        """What the constructor takes; the weights are stored beside it."""
        own = {"layout": dataclasses.asdict(self.layout), "sampling": dataclasses.asdict(self.sampling)}
        return {**super().get_config(), **own}


def _layout_of(values: dict) -> Layout:
    """A layout from its values as JSON has them: lists in place of tuples."""
    made: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Layout(**made)


def sampler_model(sampler: DiffusionSampler) -> keras.Model:
    """The model of a sampler, see `TrainedGenerator.keras_model`."""
    inputs = {
        "latents": keras.Input((sampler.layout.latent_size,), name="latents", dtype="float32"),
        "class_index": keras.Input((), dtype="int32", name="class_index"),
    }
    return keras.Model(inputs, sampler(inputs["latents"], inputs["class_index"]), name="diffusion_generator")
