"""Compares this project's networks, losses and training step with tensors of the original GANSynth.

A case is an `.npz` file with groups `in/`, `init/`, `out/`, `grad/`, `after/`, `ema/` and a JSON string
`meta`; names and shapes are those of an original checkpoint.
"""

import json
import math
import zipfile
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import NetworkConfig, TrainingConfig
from gansynth_isa.generators.gansynth.networks.building import build_discriminator, build_generator, slope_scale
from gansynth_isa.generators.gansynth.networks.growth import blend_images, downscale, upscale
from gansynth_isa.generators.gansynth.original.names import original_arrays, set_original_arrays
from gansynth_isa.generators.gansynth.training.moment import Batch, Moment
from gansynth_isa.generators.gansynth.training.step import GanStep
from gansynth_isa.validation import known

LOSSES = (
    "generator_loss", "generator_wasserstein", "fake_class_loss", "discriminator_loss", "discriminator_without_class",
    "real_class_loss",
)  # fmt: skip
# A first Adam step with beta1 = 0 is the learning rate times the gradient's sign, which means nothing where the
# gradient is rounding noise: below this share of its array's largest, or below this many times the error that the
# array's gradients were found to have (which is judged on its own).
MIN_GRADIENT_SHARE = 1e-4
MIN_GRADIENT_TO_ERROR = 100.0
MAX_NOISE_SHARE = 1e-2  # however large that error, entries above this share are compared
Arrays: TypeAlias = dict[str, np.ndarray]  # by original name
Inputs: TypeAlias = dict[str, Any]  # tensors, and the scale `to_final`


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """All arrays of an `.npz` file.

    Raises:
      InputError: the file cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: cannot be read as an .npz file ({error})") from error


def load_case(path: Path) -> tuple[dict, dict[str, np.ndarray]] | None:
    """(meta, arrays) of a network case, or None for an `.npz` that is not one.

    Raises:
      InputError: the file cannot be read.
    """
    arrays = load_arrays(path)
    if "meta" not in arrays or not any(name.startswith("init/") for name in arrays):
        return None
    try:
        return json.loads(str(arrays.pop("meta"))), arrays
    except ValueError as error:
        raise InputError(f"{path}: meta: expected a JSON object ({error})") from error


def check_case(meta: dict, arrays: dict[str, np.ndarray], name: str = "case") -> dict[str, float]:
    """Worst relative error of each group of one case: images, scores, each loss, gradients, updates, ...

    Raises:
      InputError: the case lacks an array or a setting, or its arrays do not fit its settings.
    """
    try:
        return _check_case(meta, arrays)
    except KeyError as error:
        raise InputError(f"{name}: the case lacks {error}") from error
    except (ValueError, tf.errors.InvalidArgumentError) as error:
        raise InputError(f"{name}: arrays and settings do not fit: {str(error).splitlines()[0]}") from error


def _check_case(meta: dict, arrays: dict[str, np.ndarray]) -> dict[str, float]:
    network, training = _configs(meta)
    # Blocks above ceil(progress) + 1 have weight zero in both networks: the case equals one of fewer blocks.
    num_blocks = min(int(meta["num_blocks"]), math.ceil(float(meta["progress"])) + 1)
    growing = not float(meta["progress"]).is_integer()
    step = _make_step(network, training, meta, num_blocks, growing)
    init = _group(arrays, "init")
    for model in (step.generator, step.average, step.discriminator):
        set_original_arrays(model, init)
    inputs = _inputs(arrays, network, num_blocks, growing)
    errors = _compare_outputs(step, inputs, arrays)
    gradients = _gradients(step, inputs)
    errors["gradients"] = _worst(gradients, _group(arrays, "grad"))
    errors["updates"] = _compare_updates(step, gradients, _apply_step(step, inputs), arrays)
    averages = original_arrays(step.average, step.average.trainable_variables)
    errors["moving averages"] = _worst(averages, _group(arrays, "ema"), init)
    return errors


def relative_error(value: np.ndarray, expected: np.ndarray) -> float:
    """max |value - expected| / max |expected|; absolute where all expected values are zero; inf for NaN."""
    value, expected = np.asarray(value, np.float64), np.asarray(expected, np.float64)
    if value.shape != expected.shape:
        raise InputError(f"expected shape {expected.shape}, got {value.shape}")
    if not np.all(np.isfinite(value)):
        return math.inf
    largest = np.max(np.abs(expected), initial=0.0)
    return float(np.max(np.abs(value - expected), initial=0.0) / (largest or 1.0))


def _configs(meta: dict) -> tuple[NetworkConfig, TrainingConfig]:
    activation = meta.get("to_rgb_activation")
    network = NetworkConfig(
        latent_vector_size=meta["latent"],
        kernel_size=meta["kernel_size"],
        start_height=meta["start"][0],
        start_width=meta["start"][1],
        num_resolutions=meta["num_resolutions"],
        scale_mode=meta["scale_mode"],
        fmap_base=meta["fmap_base"],
        fmap_decay=meta["fmap_decay"],
        fmap_max=meta["fmap_max"],
        to_rgb_activation="linear" if activation in (None, "", "none", "None", "linear") else activation,
    )
    names = (
        "gradient_penalty_weight", "gradient_penalty_target", "real_score_penalty_weight", "adam_beta1", "adam_beta2",
        "generator_learning_rate", "discriminator_learning_rate", "generator_ac_loss_weight",
        "discriminator_ac_loss_weight",
    )  # fmt: skip
    return network, TrainingConfig(**{name: meta[name] for name in names})


def _make_step(network: NetworkConfig, training: TrainingConfig, meta: dict, num_blocks: int, growing: bool) -> GanStep:
    shape = (network, meta["classes"], num_blocks, growing, meta["channels"])
    return GanStep(
        build_generator(*shape),
        build_discriminator(*shape),
        build_generator(*shape, name="average"),
        training,
        slope_scale(network, num_blocks),
        average_decay=meta.get("generator_ema_decay", 0.999),
    )


def _inputs(arrays: Arrays, network: NetworkConfig, num_blocks: int, growing: bool) -> Inputs:
    inputs: Inputs = {name: tf.constant(array) for name, array in _group(arrays, "in").items()}
    steps = known(network.num_resolutions) - num_blocks
    inputs["to_final"] = tuple(factor**steps for factor in network.scale)
    reals = downscale(inputs["real"], inputs["to_final"])
    if growing:
        reals = blend_images(reals, inputs["progress"], num_blocks, network.scale)
    inputs["reals"] = reals
    return inputs


def _compare_outputs(step: GanStep, inputs: Inputs, arrays: Arrays) -> dict[str, float]:
    expected = _group(arrays, "out")
    progress = inputs["progress"]
    fakes = step.generator(inputs["latents"], inputs["generator_labels"], progress)
    fake_scores, fake_logits, _ = step.discriminator(fakes, progress)
    real_scores, real_logits, _ = step.discriminator(inputs["reals"], progress)
    final = inputs["to_final"]
    errors = {
        "images": max(
            relative_error(upscale(fakes, final), expected["fake"]),
            relative_error(upscale(inputs["reals"], final), expected["real_blended"]),
        ),
        "scores": max(
            relative_error(fake_scores, expected["fake_score"]), relative_error(real_scores, expected["real_score"])
        ),
        "class logits": max(
            relative_error(fake_logits, expected["fake_class_logits"]),
            relative_error(real_logits, expected["real_class_logits"]),
        ),
    }
    losses = _losses(step, inputs)
    for name in LOSSES:
        errors[f"loss {name}"] = relative_error(losses[name], expected[name])
    return errors


def _losses(step: GanStep, inputs: Inputs) -> dict[str, tf.Tensor]:
    latents, labels, moment = inputs["latents"], inputs["generator_labels"], Moment(inputs["progress"])
    fakes = Batch(step.generator(latents, labels, moment.progress), labels)
    losses = step.generator_losses(latents, labels, moment)
    reals = Batch(inputs["reals"], inputs["real_labels"])
    losses |= step.discriminator_losses(fakes, reals, inputs["interpolation"], moment)
    class_part = step.settings.discriminator_ac_loss_weight * losses["real_class_loss"]
    losses["discriminator_without_class"] = losses["discriminator_loss"] - class_part
    return losses


def _gradients(step: GanStep, inputs: Inputs) -> dict[str, np.ndarray]:
    """Gradients of both networks' losses before any update, by original name."""
    found: Arrays = {}
    for network, loss in ((step.generator, "generator_loss"), (step.discriminator, "discriminator_loss")):
        with tf.GradientTape() as tape:
            total = _losses(step, inputs)[loss]
        found |= original_arrays(network, tape.gradient(total, [v.value for v in network.trainable_variables]))
    return found


def _apply_step(step: GanStep, inputs: Inputs) -> dict[str, np.ndarray]:
    """Applies a generator and a discriminator step; returns the gradients that they took."""
    latents, labels, moment = inputs["latents"], inputs["generator_labels"], Moment(inputs["progress"])
    _, generator_gradients = step.generator_step(latents, labels, moment)
    reals = Batch(inputs["reals"], inputs["real_labels"])
    _, discriminator_gradients = step.discriminator_step(latents, labels, reals, inputs["interpolation"], moment)
    gradients = original_arrays(step.generator, generator_gradients)
    return gradients | original_arrays(step.discriminator, discriminator_gradients)


def _compare_updates(step: GanStep, gradients: Arrays, taken: Arrays, arrays: Arrays) -> float:
    """Worst error of `after - init` over the entries whose gradient is more than rounding noise.

    That must hold for the reference's gradient and for the one taken: the discriminator steps against the
    updated generator, so its gradient is not the stored one and may cross zero. A stored weight is exact to
    half a float32 spacing on both sides, about 1e-4 of an update: one spacing is not counted.
    """
    init, after, expected_gradients = (_group(arrays, name) for name in ("init", "after", "grad"))
    values = original_arrays(step.generator, step.generator.trainable_variables)
    values |= original_arrays(step.discriminator, step.discriminator.trainable_variables)
    worst = 0.0
    for name in values:
        expected = expected_gradients[name]
        largest_gradient = np.max(np.abs(expected))
        noise = MIN_GRADIENT_TO_ERROR * np.max(np.abs(gradients[name] - expected))
        noise = np.clip(noise, MIN_GRADIENT_SHARE * largest_gradient, MAX_NOISE_SHARE * largest_gradient)
        counted = (np.abs(expected) > noise) & (np.abs(taken[name]) > noise)
        update, expected_update = values[name] - init[name], after[name] - init[name]
        error = np.maximum(np.abs(update - expected_update) - np.spacing(np.abs(after[name])), 0.0)[counted]
        largest = np.max(np.abs(expected_update[counted]), initial=0.0)
        worst = max(worst, relative_error(error, np.zeros_like(error)) / (largest or 1.0))
    still = {name: array for name, array in after.items() if name not in values}
    return max(worst, _worst({}, still, init))


def _worst(values: dict, expected: dict, otherwise: dict | None = None) -> float:
    """Worst relative error over all expected arrays.

    A variable that this stage does not hold has gradient zero and keeps its value: it counts as zeros, or
    as its array in `otherwise`.
    """
    worst = 0.0
    for name, array in expected.items():
        missing = np.zeros_like(array) if otherwise is None else otherwise[name]
        worst = max(worst, relative_error(values.get(name, missing), array))
    return worst


def _group(arrays: dict[str, np.ndarray], group: str) -> dict[str, np.ndarray]:
    return {name.split("/", 1)[1]: array for name, array in arrays.items() if name.startswith(f"{group}/")}
