"""The levers that are screened: each a change of the generator's settings, or another kind beside it."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gansynth_isa.errors import InputError, nearest
from gansynth_isa.generators.gansynth.config import GansynthConfig
from gansynth_isa.generators.registry import DEFAULT_KIND

NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})

# Class losses of weight 1: what most levers are tried on top of, for with the original's 10 all else drowns.
_WEIGHTS_1 = {"generator_ac_loss_weight": 1.0, "discriminator_ac_loss_weight": 1.0}
_PROJECTION = {"class_conditioning": "projection"}
# On a base the correction starts at nothing: growth from coarse images has nothing to build up, and a tanh no purpose.
_ON_BASE = {"train_progressive": False, "to_rgb_activation": "linear"}


@dataclass(frozen=True)
class Lever:
    """A change of what makes clips.

    Attributes:
      name: as rows bear it.
      settings: of its kind of generator; the progressive GAN's stand in place of those that were given.
      match_moments: at generation, see `GenerationConfig`.
      kind: of the generator.
      use: settings of the classifier, in place of those that were given: how it uses the clips.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=lambda: NO_SETTINGS)
    match_moments: str = "none"
    kind: str = DEFAULT_KIND
    use: Mapping[str, Any] = field(default_factory=lambda: NO_SETTINGS)

    @property
    def run_name(self) -> str:
        """What its training is called; levers that change only generation or use share one."""
        changed = "-".join(f"{name}={value}" for name, value in sorted(self.settings.items()))
        return changed or self.kind


LEVERS = (
    Lever("original"),
    Lever("class_loss_1", _WEIGHTS_1),
    Lever("no_generator_class_loss", {"generator_ac_loss_weight": 0.0, "discriminator_ac_loss_weight": 1.0}),
    Lever("class_loss_ramp", {**_WEIGHTS_1, "class_loss_ramp_images": 4000}),
    Lever("projection", _PROJECTION),
    Lever("margin", {"class_conditioning": "margin", **_WEIGHTS_1}),
    Lever("noise", {**_WEIGHTS_1, "noise_inputs": True}),
    Lever("moments", _WEIGHTS_1, match_moments="class"),
    Lever("gan_augmentation", {**_WEIGHTS_1, "gan_augmentation_probability": 0.6}),
    Lever("lecam", {**_WEIGHTS_1, "lecam_weight": 0.3}),
    Lever("base_gaussian", {**_PROJECTION, **_ON_BASE, "base_generator": "gaussian"}),
    Lever("base_transfer", {**_PROJECTION, **_ON_BASE, "base_generator": "transfer"}),
)
# What is fitted in seconds, beside them: every lever must beat these.
CHEAP = tuple(Lever(kind, kind=kind) for kind in ("gaussian", "transfer", "smote", "events", "copies"))
# What is trained for minutes as the GAN is. Guidance makes clips more typical of their class, and more alike.
RIVALS = (
    Lever("diffusion", kind="diffusion"),
    Lever("diffusion_components", {"diffusion_latents": "components"}, kind="diffusion"),
    Lever("diffusion_guided", {"diffusion_guidance": 2.0}, kind="diffusion"),
    Lever("wavegan", kind="wavegan"),
    Lever("specgan", kind="specgan"),
)
# What classes share and what they do not: a common covariance, differences of means that are the same in every frame.
_COMMON, _FLAT = {"gaussian_sharing": 1.0}, {"gaussian_smoothing": 1000.0}
VARIANTS = (
    Lever("gaussian_unsmoothed", {"gaussian_smoothing": 0.0}, kind="gaussian"),
    Lever("gaussian_common", _COMMON, kind="gaussian"),
    Lever("gaussian_flat", _FLAT, kind="gaussian"),
    Lever("gaussian_common_flat", {**_COMMON, **_FLAT}, kind="gaussian"),
    Lever("gaussian_common_unsmoothed", {**_COMMON, "gaussian_smoothing": 0.0}, kind="gaussian"),
    Lever("transfer_own", {"transfer_from": "own"}, kind="transfer"),
    Lever("transfer_clip", {"transfer_over": "clip"}, kind="transfer"),
)
USES = (
    Lever("gaussian_quarter_real", kind="gaussian", use={"real_share": 0.25}),
    Lever("gaussian_tenth_real", kind="gaussian", use={"real_share": 0.1}),
    Lever("gaussian_pretrain", kind="gaussian", use={"synthetic_use": "pretrain"}),
    Lever("gaussian_weighted", kind="gaussian", use={"synthetic_use": "weighted"}),
    Lever("gaussian_real_augmented", kind="gaussian", use={"augmented_clips": "real"}),
    Lever("gaussian_apart", kind="gaussian", use={"synthetic_statistics": "apart"}),
)
GROUPS: Mapping[str, tuple[Lever, ...]] = MappingProxyType(
    {"levers": LEVERS, "cheap": CHEAP, "rivals": RIVALS, "variants": VARIANTS, "uses": USES}
)
BY_NAME: Mapping[str, Lever] = MappingProxyType({lever.name: lever for group in GROUPS.values() for lever in group})


def levers_named(names: Sequence[str]) -> list[Lever]:
    """The levers of these names; a name of a group stands for all of it. Without names the levers of the GAN.

    Raises:
      InputError: there is none of that name; the nearest is offered.
    """
    known = (*GROUPS, *BY_NAME)
    for name in names:
        if name not in known:
            raise InputError(f"levers: expected some of {', '.join(known)}, got {name!r}{nearest(name, known)}")
    named = [GROUPS[name] if name in GROUPS else (BY_NAME[name],) for name in names or ("levers",)]
    return list({lever.name: lever for group in named for lever in group}.values())


def with_lever(config: GansynthConfig, lever: Lever) -> GansynthConfig:
    """The settings of the progressive GAN with those of a lever.

    A single stage gets the images of all stages of the growth that it stands for, so that no lever is shown more.

    Args:
      config: resolved; its start resolution and intervals stay.
      lever: of the progressive GAN.

    Raises:
      InputError: a value out of range.
    """
    fields = {item.name for item in dataclasses.fields(config.network)}
    network = {name: value for name, value in lever.settings.items() if name in fields}
    training = {name: value for name, value in lever.settings.items() if name not in fields}
    if training.get("train_progressive") is False and config.training.train_progressive:
        blocks, own = config.network.num_resolutions or 1, config.training
        total = blocks * own.stable_stage_num_images + (blocks - 1) * own.transition_stage_num_images
        training["stable_stage_num_images"] = own.total_num_images or total
    return GansynthConfig(
        dataclasses.replace(config.network, **network), dataclasses.replace(config.training, **training)
    )
