"""All random numbers that the GAN's networks are fed with: functions of a seed and an index, the same everywhere.

| who draws | seed | index | what |
|---|---|---|---|
| a training step | of the training | image at which it begins | latents, labels, fractions and changes of a batch |
| generation, and the exported `generate` | asked for | number of the clip | its latent |
| the samples of a run | fixed | column | its latent, the same in every run |
| the instruments of a stage | fixed, another | number of the clip | its latent, the same in every run |

The latents of generated clips are those of every kind of generator, see `generators.latents`.
Nothing else enters: not the number of replicas, of steps per call, or of clips that are asked for together.
"""

import tensorflow as tf

from gansynth_isa.generators.gansynth.networks.latent_layout import LatentLayout
from gansynth_isa.generators.latents import StepSeed

FIXED_SEED = (20191, 7)
INSTRUMENT_SEED = (20191, 11)
NUM_FIXED = 4
NUM_INTERPOLATED = 8

# What a step's numbers are for; each has a stream of its own.
GENERATOR_UPDATE, DISCRIMINATOR_UPDATE = 0, 2  # the labels' stream is the next number
PENALTY = 4
CHANGED_GENERATED, CHANGED_FAKES, CHANGED_REALS = 5, 6, 7  # images that are changed before they are judged


def step_latents(step: StepSeed, update: int, batch_size: int, latent_size: int) -> tf.Tensor:
    """(batch_size, latent_size) latents of one of a step's two updates."""
    return tf.random.stateless_normal((batch_size, latent_size), step.stream(update))


def step_labels(step: StepSeed, update: int, batch_size: int, log_shares: tf.Tensor) -> tf.Tensor:
    """(batch_size,) class indices of one of a step's two updates, drawn by logarithms of shares (1, classes)."""
    return tf.random.stateless_categorical(log_shares, batch_size, step.stream(update + 1))[0]


def step_fractions(step: StepSeed, batch_size: int) -> tf.Tensor:
    """(batch_size, 1, 1, 1) where between a real and a fake image the gradient is penalised, 0 to 1."""
    return tf.random.stateless_uniform((batch_size, 1, 1, 1), step.stream(PENALTY))


def step_changes(step: StepSeed, purpose: int, batch_size: int, num_draws: int) -> tf.Tensor:
    """(batch_size, num_draws) numbers, uniform in [0, 1), that say how each image of a batch is changed."""
    return tf.random.stateless_uniform((batch_size, num_draws), step.stream(purpose))


def fixed_latents(layout: LatentLayout) -> tf.Tensor:
    """(NUM_FIXED, layout.size) latents, the same in every run; each part is the same whatever the others are."""
    parts = []
    for index, size in enumerate(layout.sizes().values()):
        seed = tf.constant(FIXED_SEED)
        seed = tf.random.experimental.stateless_fold_in(seed, index) if index else seed
        parts.append(tf.random.stateless_normal((NUM_FIXED, size), seed))
    return tf.concat(parts, axis=-1)


def interpolated_latents(layout: LatentLayout) -> tf.Tensor:
    """(NUM_INTERPOLATED, layout.size) latents from the first fixed latent vector to the second.

    Those between lie on the arc, where they are as long as latents of the normal distribution are. All other parts
    are those of the first.
    """
    first, last = fixed_latents(layout)[:2]
    others = tf.repeat(first[tf.newaxis, layout.vector :], NUM_INTERPOLATED, axis=0)
    first, last = first[: layout.vector], last[: layout.vector]
    cosine = tf.reduce_sum(first * last) / (tf.norm(first) * tf.norm(last))
    angle = tf.acos(tf.clip_by_value(cosine, -0.999, 0.999))
    share = tf.linspace(0.0, 1.0, NUM_INTERPOLATED)[:, tf.newaxis]
    between = (tf.sin((1 - share) * angle) * first + tf.sin(share * angle) * last) / tf.sin(angle)
    return tf.concat([between, others], axis=-1)
