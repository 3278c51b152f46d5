"""Labelled synthetic clips, in memory or in a folder, from the folder of any trained generator."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa import validation
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips, as_stored
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticWriter
from gansynth_isa.data.clip_sets.wav_folder import WavFolder, remove_wavs
from gansynth_isa.derived import clip_samples
from gansynth_isa.generators.base import BATCH_SIZE, TrainedGenerator
from gansynth_isa.generators.keeping import Keeper, Selection
from gansynth_isa.generators.moments import kept_moments
from gansynth_isa.generators.registry import kind_in
from gansynth_isa.runs.folder_lock import locked
from gansynth_isa.spectral.sound import SoundMaker


def load_generator(
    train_root_dir: Path | str, warn: Callable[[str], None] = print, for_export: bool = False
) -> TrainedGenerator:
    """The trained generator in a folder, of whichever kind; no recordings are needed.

    Args:
      train_root_dir: folder of a finished training.
      warn: gets a line for everything that is passed over, such as a damaged checkpoint.
      for_export: compute as exported models do, where that differs.

    Raises:
      InputError: the folder holds no training, one that is not finished, or a damaged one.
    """
    trained = kind_in(train_root_dir).load(Path(train_root_dir), warn, for_export)
    shape = (len(trained.class_names), trained.provenance.features.mel_bins)
    trained.training_moments = kept_moments(Path(train_root_dir), shape, warn)
    return trained


def class_names_in(train_root_dir: Path | str) -> tuple[str, ...]:
    """The classes of the training in a folder.

    Raises:
      InputError: the folder holds no training, or a damaged one.
    """
    return kind_in(train_root_dir).class_names(Path(train_root_dir))


def make_clips(
    trained: TrainedGenerator,
    samples_per_class: int,
    classes: Sequence[str] = (),
    seed: int = 0,
    keeper: Keeper | None = None,
) -> SyntheticClips:
    """The clips that `write_clips` would write, in memory.

    Raises:
      InputError: see `class_indices`.
      UnfitClips: see `Selection.batches`; the generator makes values that are not finite in float16.
    """
    indices = trained.class_indices(classes)
    source = _source(trained, keeper)
    spectrograms = np.empty((samples_per_class * len(indices), *trained.provenance.features.shape), np.float32)
    labels, num_made = np.empty(len(spectrograms), np.int32), 0
    for clips, batch_labels, _ in source.batches(indices, samples_per_class, seed):
        place = slice(num_made, num_made + len(clips))
        spectrograms[place], labels[place] = as_stored(clips), batch_labels
        num_made += len(clips)
    metadata = _metadata(trained, indices, samples_per_class, seed) | source.metadata()
    return SyntheticClips(spectrograms, labels, trained.class_names, metadata)


def write_clips(
    trained: TrainedGenerator,
    output_dir: Path | str,
    samples_per_class: int,
    classes: Sequence[str] = (),
    seed: int = 0,
    on_progress: Callable[[int], None] | None = None,
    wav: bool = False,
    keeper: Keeper | None = None,
) -> None:
    """Writes `samples_per_class` clips of each class, classes alternating, while generating.

    With a keeper they are the first that it keeps, in the order of their numbers.

    One batch is written while the next is generated; never more of them wait, so that memory stays flat. With `wav`
    each clip is made audible too, see `WavFolder`; without, what an earlier call made audible is removed.

    `on_progress` is told how many clips are done since it was called before: written as sounds too, which takes much
    longer than the rest, with `wav`. Then it is called in a thread of its own.

    Raises:
      InputError: see `class_indices` and `SoundMaker`; the folder cannot be written, is in use by another process, or
        holds other clips than of this generator, these classes, this seed and these options; more or fewer of them are
        replaced.
      UnfitClips: see `Selection.batches`; what the folder held before stays.
    """
    indices, source = trained.class_indices(classes), _source(trained, keeper)
    metadata = _metadata(trained, indices, samples_per_class, seed) | source.metadata()  # that of the source grows
    shards = SyntheticWriter(output_dir, metadata)
    sounds = _wav_folder(trained, output_dir, on_progress) if wav else None
    with locked(Path(output_dir)):
        with contextlib.ExitStack() as stack, ThreadPoolExecutor(max_workers=1) as background:
            stack.enter_context(shards)
            if sounds:
                stack.enter_context(sounds)
            writing = None
            for clips, labels, numbers in source.batches(indices, samples_per_class, seed):
                waveforms = _waveforms(trained, labels, seed, numbers) if wav else None
                if writing:
                    writing.result()
                writing = background.submit(_write, shards, sounds, clips, labels, waveforms)
                if on_progress and not sounds:
                    on_progress(len(labels))
            if writing:
                writing.result()
            shards.add_metadata(source.metadata())
        if not wav:
            remove_wavs(output_dir)


@dataclass(frozen=True)
class _All:
    """Clips of a generator as they come; `Selection` is another such source."""

    trained: TrainedGenerator

    def batches(
        self, indices: list[int], samples_per_class: int, seed: int
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """(clips, labels, numbers) of every batch, made when it is asked for; classes alternate."""
        labels = np.tile(np.array(indices, np.int32), samples_per_class)
        for first in range(0, len(labels), BATCH_SIZE):
            batch_labels = labels[first : first + BATCH_SIZE]
            numbers = np.arange(first, first + len(batch_labels))
            yield self.trained.clips(batch_labels, seed, first), batch_labels, numbers

    def metadata(self) -> dict:
        """Nothing beside what all clips have."""
        return {}


def _source(trained: TrainedGenerator, keeper: Keeper | None) -> _All | Selection:
    return _All(trained) if keeper is None else Selection.of(keeper, trained)


def _wav_folder(
    trained: TrainedGenerator, output_dir: Path | str, on_written: Callable[[int], None] | None
) -> WavFolder:
    data, features = trained.provenance.data, trained.provenance.features
    maker = SoundMaker(features, data.sample_rate, clip_samples(data))
    return WavFolder(output_dir, maker, data.sample_rate, trained.class_names, on_written)


def _waveforms(trained: TrainedGenerator, labels: np.ndarray, seed: int, numbers: np.ndarray) -> np.ndarray | None:
    """The generator's own waveforms of the clips `numbers`, which rise; None where it makes none."""
    places = numbers - numbers[0]
    all_labels = np.zeros(places[-1] + 1, np.int32)  # those of clips that were not kept do not matter
    all_labels[places] = labels
    waveforms = trained.waveforms(all_labels, seed, int(numbers[0]))
    return None if waveforms is None else waveforms[places]


def _write(
    shards: SyntheticWriter,
    sounds: WavFolder | None,
    clips: np.ndarray,
    labels: np.ndarray,
    waveforms: np.ndarray | None,
) -> None:
    shards.write(clips, labels)
    if sounds:
        sounds.write(clips, labels, waveforms)


def _metadata(trained: TrainedGenerator, indices: list[int], samples_per_class: int, seed: int) -> dict:
    origin = trained.provenance
    return {
        **origin.details,
        "generator": origin.kind,
        "class_names": list(origin.class_names),
        "generated_classes": [origin.class_names[index] for index in indices],
        "data_type": origin.features.data_type,
        "samples_per_class": samples_per_class,
        "seed": seed,
        "weights_sha256": origin.weights_sha256,
        "configuration": {
            **origin.configuration,
            "data": validation.to_dict(origin.data),
            "features": validation.to_dict(origin.features),
        },
        "data": origin.recordings,
    }
