"""What a training is about, as its folder keeps it."""

from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.errors import InputError
from gansynth_isa.generators.diffusion.config import AUTOENCODER, DiffusionConfig
from gansynth_isa.generators.diffusion.layout import Layout, make_layout
from gansynth_isa.generators.fitted import FittedDescription
from gansynth_isa.runs.run_folder import RunFolder


@dataclass(frozen=True)
class DiffusionDescription(FittedDescription):
    """What the folder of a training of latent diffusion is about."""

    kind = "diffusion"
    config_class = DiffusionConfig
    noun = "a trained diffusion"

    def layout(self) -> Layout:
        """Sizes of networks and latents."""
        return make_layout(self.config, self.features, len(self.class_names), sum(self.class_counts.values()))


def read_description(folder: Path) -> DiffusionDescription:
    """What the training in a folder is about.

    Raises:
      InputError: there is none, or it is damaged.
    """
    description = RunFolder(folder).read_description(DiffusionDescription)
    config, features = description.config, description.features
    if features.frames is None or (config.diffusion_latents == AUTOENCODER and config.diffusion_reduction is None):
        raise InputError(f"{folder}: damaged (frames, diffusion_reduction: expected whole numbers)")
    return description
