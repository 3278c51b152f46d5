"""What a training is about, as its folder keeps it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gansynth_isa.errors import InputError
from gansynth_isa.generators.diffusion.config import AUTOENCODER, DiffusionConfig
from gansynth_isa.generators.diffusion.layout import Layout, make_layout
from gansynth_isa.generators.fitted import FittedDescription


@dataclass(frozen=True)
class DiffusionDescription(FittedDescription):
    """What the folder of a training of latent diffusion is about."""

    kind = "diffusion"
    config_class = DiffusionConfig
    noun = "a trained diffusion"

    def layout(self) -> Layout:
        """Sizes of networks and latents."""
        return make_layout(self.config, self.features, len(self.class_names), sum(self.class_counts.values()))

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """What the training in a folder is about.

        Raises:
          InputError: there is none, or it is damaged.
        """
        description = super().in_folder(folder)
        config, features = description.config, description.features
        if features.frames is None or (config.diffusion_latents == AUTOENCODER and config.diffusion_reduction is None):
            raise InputError(f"{folder}: damaged (frames, diffusion_reduction: expected whole numbers)")
        return description
