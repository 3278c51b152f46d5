"""The seed of what is drawn."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting

LARGEST_SEED = 2**62  # what is added to it, as the number of a trial, still fits into 64 bits


@dataclass(frozen=True)
class SeedConfig(Validated):
    """Seed of weights, latents and data order; subsets have a seed of their own."""

    seed: int = setting(0, "seed of weights, latents and data order", Decides.TRAINING, minimum=0, maximum=LARGEST_SEED)
