"""The first stage: an autoencoder learns to give standardised clips back."""

import tensorflow as tf

from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.diffusion.layout import Layout
from gansynth_isa.generators.diffusion.networks.changes import changed
from gansynth_isa.generators.diffusion.networks.codec import Codec
from gansynth_isa.generators.diffusion.stages import Stage
from gansynth_isa.generators.diffusion.training.state import LATENT_NOISE, Losses, StageState
from gansynth_isa.generators.latents import StepSeed

# A variational autoencoder whose posterior has one deviation everywhere: noise on the latents makes the decoder smooth,
# and a small weight of their squares holds their scale (Rombach et al. 2022 have as slight a penalty).
NOISE_DEVIATION = 0.1
LATENT_PENALTY = 1e-3
WATCHED = ("reconstruction", "latent_square")


class AutoencoderState(StageState):
    """The training of the autoencoder.

    Args:
      config: resolved configuration.
      layout: sizes.
      stage: the stage.
      seed: of weights and of all that is drawn.
      standardisation: a codec that standardises the clips.
    """

    def __init__(self, config: DiffusionConfig, layout: Layout, stage: Stage, seed: int, standardisation: Codec):
        self._codec = standardisation
        super().__init__(
            config,
            stage,
            seed,
            trained=Codec(layout, seed).map,
            average=standardisation.map,
            fixed={},
            learning_rate=config.diffusion_autoencoder_learning_rate,
            watched=WATCHED,
        )

    def losses(self, clips: tf.Tensor, labels: tf.Tensor, drawn: StepSeed) -> Losses:
        wanted = changed(self._codec.standardise(clips), self.drawn_changes(drawn))
        latents = self.trained.encode(wanted)
        noise = tf.random.stateless_normal(latents.shape, drawn.stream(LATENT_NOISE))
        error = tf.reduce_mean(tf.square(self.trained.decode(latents + NOISE_DEVIATION * noise) - wanted))
        square = tf.reduce_mean(tf.square(latents))
        return Losses(error + LATENT_PENALTY * square, (error, square), (1.0, 1.0))
