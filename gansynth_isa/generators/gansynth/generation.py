"""Labelled synthetic clips from the folder of a trained GAN."""

import contextlib
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import tensorflow as tf

from gansynth_isa import validation
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticWriter
from gansynth_isa.data.clip_sets.wav_folder import WavFolder, remove_wavs
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import InputError, nearest
from gansynth_isa.generators.gansynth.latents import CLIPS_PER_DRAW, drawn_latents
from gansynth_isa.generators.gansynth.networks.building import build_generator
from gansynth_isa.generators.gansynth.trained_run import read_run
from gansynth_isa.spectral.sound import SoundMaker

BATCH_SIZE = CLIPS_PER_DRAW


class TrainedGenerator:
    """The moving average of a finished run's generator, with its class names and normaliser.

    Args:
      train_root_dir: folder of the run, of this project or of the original GANSynth; no recordings are needed.
      warn: gets a line for every damaged checkpoint that is passed over.
      precision: 'float32' or 'bfloat16', of the convolutions; default: that of the training.

    Raises:
      InputError: the folder holds no run, its training is not finished, or it does not know its normaliser.
    """

    def __init__(self, train_root_dir: Path | str, warn: Callable[[str], None] = print, precision: str | None = None):
        run = read_run(train_root_dir, warn)
        if not run.is_finished:
            raise InputError(
                f"{train_root_dir}: training is not finished; run gansynth_isa_train again with the same flags"
            )
        if run.experiment.normalizer is None:
            raise InputError(f"{train_root_dir}: expected a fixed normalizer; the range of this one lay in its data")
        self.experiment, self.image = run.experiment, run.image
        self.generator = build_generator(
            self.experiment.config.network,
            len(self.class_names),
            run.num_blocks,
            False,
            self.experiment.num_channels,
            precision=precision or self.experiment.config.training.mixed_precision,
            name="average",
        )
        for variable in self.generator.trainable_variables:
            variable.assign(run.arrays[f"average/{variable.path}"])
        self._call = tf.function(self.generator, reduce_retracing=True)

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.experiment.class_names

    def generate(self, labels: np.ndarray, seed: int) -> np.ndarray:
        """Log-mel clips (n, frames, mel_bins, channels), float32, for class indices `labels` (n,).

        Clip i depends on the weights, its label, `seed` and i alone.
        """
        clips = []
        for first in range(0, len(labels), BATCH_SIZE):
            clips.append(self.generate_batch(labels[first : first + BATCH_SIZE], seed, first))
        return np.concatenate(clips)

    def generate_batch(self, labels: np.ndarray, seed: int, first: int) -> np.ndarray:
        """The clips first, first + 1, ... of `generate`; at most BATCH_SIZE, `first` a multiple of it."""
        size = self.experiment.config.network.latent_vector_size
        latents = drawn_latents(seed, first, size)[: len(labels)]
        # A full batch every time: the convolution kernels may round differently for another batch size.
        padding = BATCH_SIZE - len(labels)
        latents = tf.pad(latents, ((0, padding), (0, 0)))
        one_hot = tf.one_hot(np.pad(labels, (0, padding)), len(self.class_names))
        images = self.images(latents, one_hot).numpy()[: len(labels)]
        return self.experiment.normalizer.restore(images).astype(np.float32)

    def images(self, latents: tf.Tensor, one_hot: tf.Tensor) -> tf.Tensor:
        """Normalised images (batch, frames, mel_bins, channels) of latents and one-hot labels."""
        return self._call(latents, one_hot)

    def weights_sha256(self) -> str:
        """SHA-256 over names, shapes and values of all weights: what tells this GAN from any other."""
        digest = hashlib.sha256()
        for variable in sorted(self.generator.trainable_variables, key=lambda variable: variable.path):
            values = np.ascontiguousarray(variable.numpy(), "<f4")
            digest.update(f"{variable.path}{values.shape}".encode() + values.tobytes())
        return digest.hexdigest()

    def class_indices(self, names: tuple[str, ...]) -> list[int]:
        """Indices of class names; all classes where `names` is empty.

        Raises:
          InputError: a class that the GAN does not know.
        """
        for name in names:
            if name not in self.class_names:
                known = ", ".join(self.class_names)
                raise InputError(f"classes: expected some of {known}, got {name!r}{nearest(name, self.class_names)}")
        return [self.class_names.index(name) for name in names or self.class_names]


def generate_to_folder(
    train_root_dir: Path | str,
    output_dir: Path | str,
    samples_per_class: int,
    classes: tuple[str, ...] = (),
    seed: int = 0,
    on_progress: Callable[[int], None] | None = None,
    warn: Callable[[str], None] = print,
    wav: bool = False,
) -> None:
    """Writes clips of the GAN in a folder, see `write_clips`.

    Raises:
      InputError: see `TrainedGenerator` and `write_clips`.
    """
    trained = TrainedGenerator(train_root_dir, warn)
    write_clips(trained, output_dir, samples_per_class, classes, seed, on_progress, wav)


def write_clips(
    trained: TrainedGenerator,
    output_dir: Path | str,
    samples_per_class: int,
    classes: tuple[str, ...] = (),
    seed: int = 0,
    on_progress: Callable[[int], None] | None = None,
    wav: bool = False,
) -> None:
    """Writes `samples_per_class` clips of each class, classes alternating, while generating.

    One batch is written while the next is generated; never more of them wait, so that memory stays flat. With `wav`
    each clip is made audible too, see `WavFolder`; without, what an earlier call made audible is removed.

    Raises:
      InputError: see `class_indices` and `SoundMaker`; the folder cannot be written.
    """
    indices = trained.class_indices(classes)
    labels = np.tile(np.array(indices, np.int32), samples_per_class)
    metadata = _metadata(trained, indices, samples_per_class, seed)
    writers = [SyntheticWriter(output_dir, metadata), *([_wav_folder(trained, output_dir)] if wav else [])]
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(max_workers=1) as background:
        for writer in writers:
            stack.enter_context(writer)
        writing = None
        for first in range(0, len(labels), BATCH_SIZE):
            batch_labels = labels[first : first + BATCH_SIZE]
            clips = trained.generate_batch(batch_labels, seed, first)
            if writing:
                writing.result()
            writing = background.submit(_write, writers, clips, batch_labels)
            if on_progress:
                on_progress(len(batch_labels))
        if writing:
            writing.result()
    if not wav:
        remove_wavs(output_dir)


def _wav_folder(trained: TrainedGenerator, output_dir: Path | str) -> WavFolder:
    config = trained.experiment.config
    maker = SoundMaker(config.features, config.data.sample_rate, clip_samples(config.data))
    return WavFolder(output_dir, maker, config.data.sample_rate, trained.class_names)


def _write(writers: list[SyntheticWriter | WavFolder], clips: np.ndarray, labels: np.ndarray) -> None:
    for writer in writers:
        writer.write(clips, labels)


def _metadata(trained: TrainedGenerator, indices: list[int], samples_per_class: int, seed: int) -> dict:
    experiment = trained.experiment
    return {
        "class_names": list(trained.class_names),
        "generated_classes": [trained.class_names[index] for index in indices],
        "data_type": experiment.config.features.data_type,
        "samples_per_class": samples_per_class,
        "seed": seed,
        "gan_image": trained.image,
        "gan_sha256": trained.weights_sha256(),
        "normalizer": experiment.normalizer.to_dict(),
        "configuration": validation.to_dict(experiment.config),
        "data": experiment.data,
    }
