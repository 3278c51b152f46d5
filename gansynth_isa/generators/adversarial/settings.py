"""How a critic is trained against a generator: sizes, losses and the stages of a run; needs no library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gansynth_isa.generators.adversarial.layout import Cost, Layout

if TYPE_CHECKING:
    import numpy as np

CONDITIONAL, APART = "conditional", "apart"
CLASSES = (CONDITIONAL, APART)
LARGEST = 10_000  # of sizes and counts beyond which no machine trains
DEFAULT_TFLOP = 60  # of a training whose number of images is left open
REPORTS_PER_STAGE = 20
CHECKPOINTS_PER_STAGE = 5


@dataclass(frozen=True)
class WganSettings:
    """Losses, optimizers and length of a training.

    Attributes:
      latent_size: numbers of a latent vector, uniform from -1 to 1.
      batch_size: examples of one update.
      critic_steps: updates of the critic for each of the generator.
      learning_rate: of Adam.
      penalty_weight: of the gradient penalty.
      num_images: examples shown to the critic, or all critics together.
      classes: 'conditional', one pair of networks for all classes, or 'apart', one for each.
    """

    latent_size: int
    batch_size: int
    critic_steps: int
    learning_rate: float
    penalty_weight: float
    num_images: int
    classes: str

    @property
    def images_per_step(self) -> int:
        """Examples that the critic is shown for each update of the generator."""
        return self.batch_size * self.critic_steps

    def num_labels(self, num_classes: int) -> int:
        """Classes that one pair of networks tells apart; 0: it knows none."""
        return num_classes if self.classes == CONDITIONAL else 0


@dataclass(frozen=True)
class Stage:
    """The training of one pair of networks, on all clips or on those of one class.

    Attributes:
      index: its number.
      label: of the class that it learns; None: all.
      first_image, end_image: examples shown before it and up to its end, counted over all stages.
    """

    index: int
    label: int | None
    first_image: int
    end_image: int

    @property
    def name(self) -> str:
        """Name of the stage's folder."""
        return f"stage_{self.index:05d}"

    @property
    def num_images(self) -> int:
        """Examples shown in it."""
        return self.end_image - self.first_image

    def members(self, labels: np.ndarray) -> np.ndarray:
        """Indices of the clips that it learns from."""
        import numpy as np

        return np.arange(len(labels)) if self.label is None else np.flatnonzero(labels == self.label)


def stages_of(settings: WganSettings, num_classes: int) -> tuple[Stage, ...]:
    """The stages of a run: one, or one for each class, which share the images; each has whole steps."""
    labels: list[int | None] = [None] if settings.classes == CONDITIONAL else list(range(num_classes))
    steps = max(1, settings.num_images // (settings.images_per_step * len(labels)))
    images = steps * settings.images_per_step
    return tuple(Stage(index, label, index * images, (index + 1) * images) for index, label in enumerate(labels))


def affordable_images(cost: Cost, images_per_step: int) -> int:
    """The images of a training of DEFAULT_TFLOP, in whole steps."""
    return max(1, round(DEFAULT_TFLOP * 1e12 / cost.flops_per_image) // images_per_step) * images_per_step


def plan_lines(kind: str, what: str, settings: WganSettings, cost: Cost) -> list[str]:
    """Lines that say what a training will do.

    Args:
      kind: name of the kind.
      what: what the networks make, such as 'waveforms of 16,384 samples'.
      settings: of the training.
      cost: of one pair of networks.
    """
    how = "one GAN for all classes" if settings.classes == CONDITIONAL else "one GAN per class, which share the images"
    return [
        f"{kind}: {what}; {how}; {settings.num_images:,} images in batches of {settings.batch_size}, "
        f"{settings.critic_steps} updates of the critic for each of the generator",
        cost.line(settings.num_images),
    ]


def cost_of(layout: Layout, settings: WganSettings) -> Cost:
    """What a pair of networks costs, but for the few weights of its labels: how many classes there are is not known."""
    return Cost.of(layout, settings.latent_size, 0, settings.batch_size, settings.critic_steps)
