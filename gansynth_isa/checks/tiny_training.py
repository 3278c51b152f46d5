"""Commands of trainings of seconds, one for each kind that saves checkpoints."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Flags = dict[str, Any]
COMMON: Flags = {  # clips of (32, 16) from 128 linear bins at a low rate, so that waveforms are short
    "dataset": "mb", "sample_rate": 8000, "fft_length": 256, "hop_length": 128, "mel_bins": 16,
}  # fmt: skip


def tiny_training(
    recordings: Path, stage_images: int, precision: str = "float32", generator: str = "gansynth"
) -> list[str]:
    """Command of a training of seconds on recordings from `gansynth_isa_simulate --dataset=mb`.

    The progressive GAN has three stages of so many images, the diffusion two, other kinds one.

    Args:
      recordings: their folder.
      stage_images: images of a stage.
      precision: number format of the progressive GAN's convolutions.
      generator: name of a kind that saves checkpoints; one that this module has no settings for is trained with its
        defaults, in its own time.
    """
    settings = SETTINGS.get(generator)
    flags = COMMON | {"data_dir": recordings, "generator": generator} | (settings(stage_images) if settings else {})
    if generator == "gansynth":
        flags["mixed_precision"] = precision
    return [sys.executable, "-m", "gansynth_isa.cli.train", *(f"--{name}={value}" for name, value in flags.items())]


def _gansynth(images: int) -> Flags:
    return {
        "num_resolutions": 2, "start_height": 16, "start_width": 8, "fmap_max": 8, "latent_vector_size": 8,
        "batch_size_schedule": 4, "stable_stage_num_images": images, "transition_stage_num_images": images,
        **_intervals(images),
    }  # fmt: skip


def _diffusion(images: int) -> Flags:
    return {
        "diffusion_filters": 8, "diffusion_autoencoder_filters": 4, "diffusion_batch_size": 4,
        "diffusion_images": images, "diffusion_autoencoder_images": images, "diffusion_steps": 4,
        **{f"diffusion_{name}": value for name, value in _intervals(images).items()},
    }  # fmt: skip


def _wavegan(images: int) -> Flags:
    return {
        "wavegan_model_size": 2, "wavegan_latent_size": 8, "wavegan_batch_size": 4, "wavegan_critic_steps": 2,
        "wavegan_num_images": images,
    }  # fmt: skip


def _specgan(images: int) -> Flags:
    return {
        "specgan_model_size": 4, "specgan_latent_size": 8, "specgan_batch_size": 4, "specgan_critic_steps": 2,
        "specgan_num_images": images,
    }  # fmt: skip


def _intervals(images: int) -> Flags:
    return {"save_checkpoints_num_images": images // 5, "save_summaries_num_images": images // 16}


SETTINGS: dict[str, Callable[[int], Flags]] = {
    "gansynth": _gansynth, "diffusion": _diffusion, "wavegan": _wavegan, "specgan": _specgan,
}  # fmt: skip
