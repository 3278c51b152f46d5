"""Settings of WaveGAN and EnvGAN."""

from dataclasses import dataclass

from gansynth_isa.generators.adversarial.settings import CLASSES, CONDITIONAL, LARGEST, WganSettings
from gansynth_isa.validation import Decides, Validated, known, setting

WAVEGAN, ENVGAN = "wavegan", "envgan"


@dataclass(frozen=True)
class WaveganConfig(Validated):
    """A GAN of waveforms (Donahue et al. 2019), or its form for clips of some seconds, EnvGAN."""

    wavegan_architecture: str = setting(
        WAVEGAN,
        "wavegan, whose length follows the clip, or envgan, with two further convolutions, for clips above 2 s",
        Decides.TRAINING,
        choices=(WAVEGAN, ENVGAN),
    )
    wavegan_classes: str = setting(
        CONDITIONAL,
        "one GAN for all classes, whose label is joined to the latent and projected in the critic (conditional), or "
        "one GAN for each class (apart)",
        Decides.TRAINING,
        choices=CLASSES,
    )
    wavegan_model_size: int = setting(
        8,
        "filters of the convolution next to the waveform, d; the paper's is 64",
        Decides.TRAINING,
        minimum=1,
        maximum=LARGEST,
    )
    wavegan_latent_size: int = setting(100, "numbers of a latent vector", Decides.TRAINING, minimum=1, maximum=LARGEST)
    wavegan_num_samples: int | None = setting(
        None,
        "samples that the networks make, of which a clip takes the first; default: the next length that covers a clip",
        Decides.TRAINING,
        minimum=1,
    )
    wavegan_phase_shuffle: int = setting(
        2,
        "largest shift in time between the critic's convolutions, 0 for none",
        Decides.TRAINING,
        minimum=0,
        maximum=32,
    )
    wavegan_filter_length: int = setting(
        0,
        "length of a filter that is learnt behind the generator, 0 for none; the paper's is 512",
        Decides.TRAINING,
        minimum=0,
        maximum=65536,
    )
    wavegan_batch_size: int = setting(
        8, "clips of an update; the paper's is 64", Decides.TRAINING, minimum=1, maximum=LARGEST
    )
    wavegan_critic_steps: int = setting(
        5, "updates of the critic for each of the generator", Decides.TRAINING, minimum=1, maximum=LARGEST
    )
    wavegan_learning_rate: float = setting(1e-4, "Adam learning rate of both", Decides.TRAINING, above=0.0)
    wavegan_penalty_weight: float = setting(10.0, "weight of the gradient penalty", Decides.TRAINING, minimum=0.0)
    wavegan_num_images: int | None = setting(
        None,
        "clips shown to the critic, or to the critics of all classes together; default: as many as 60 TFLOP allow",
        Decides.TRAINING,
        minimum=1,
    )

    def settings(self, num_images: int | None = None) -> WganSettings:
        """What the training of the networks needs; `num_images` where the setting is still open."""
        return WganSettings(
            latent_size=self.wavegan_latent_size,
            batch_size=self.wavegan_batch_size,
            critic_steps=self.wavegan_critic_steps,
            learning_rate=self.wavegan_learning_rate,
            penalty_weight=self.wavegan_penalty_weight,
            num_images=known(self.wavegan_num_images if num_images is None else num_images),
            classes=self.wavegan_classes,
        )
