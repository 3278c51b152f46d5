"""Settings of SpecGAN."""

from dataclasses import dataclass

from gansynth_isa.generators.adversarial.settings import CLASSES, CONDITIONAL, LARGEST, WganSettings
from gansynth_isa.validation import Decides, Validated, known, setting


@dataclass(frozen=True)
class SpecganConfig(Validated):
    """A GAN of linear log-magnitude spectrograms (Donahue et al. 2019)."""

    specgan_classes: str = setting(
        CONDITIONAL,
        "one GAN for all classes, whose label is joined to the latent and projected in the critic (conditional), or "
        "one GAN for each class (apart)",
        Decides.TRAINING,
        choices=CLASSES,
    )
    specgan_model_size: int = setting(
        8,
        "filters of a convolution behind a quarter of the values, d; the paper's is 64",
        Decides.TRAINING,
        minimum=1,
        maximum=LARGEST,
    )
    specgan_latent_size: int = setting(100, "numbers of a latent vector", Decides.TRAINING, minimum=1, maximum=LARGEST)
    specgan_batch_size: int = setting(
        8, "clips of an update; the paper's is 64", Decides.TRAINING, minimum=1, maximum=LARGEST
    )
    specgan_critic_steps: int = setting(
        5, "updates of the critic for each of the generator", Decides.TRAINING, minimum=1, maximum=LARGEST
    )
    specgan_learning_rate: float = setting(1e-4, "Adam learning rate of both", Decides.TRAINING, above=0.0)
    specgan_penalty_weight: float = setting(10.0, "weight of the gradient penalty", Decides.TRAINING, minimum=0.0)
    specgan_num_images: int | None = setting(
        None,
        "clips shown to the critic, or to the critics of all classes together; default: as many as 60 TFLOP allow",
        Decides.TRAINING,
        minimum=1,
    )

    def settings(self, num_images: int | None = None) -> WganSettings:
        """What the training of the networks needs; `num_images` where the setting is still open."""
        return WganSettings(
            latent_size=self.specgan_latent_size,
            batch_size=self.specgan_batch_size,
            critic_steps=self.specgan_critic_steps,
            learning_rate=self.specgan_learning_rate,
            penalty_weight=self.specgan_penalty_weight,
            num_images=known(self.specgan_num_images if num_images is None else num_images),
            classes=self.specgan_classes,
        )
