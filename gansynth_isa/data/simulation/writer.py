"""Writes simulated recordings in the layout of the data sets: <data_dir>/<train|test>/<class>/<name>.wav."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from gansynth_isa.data.simulation.mark import mark_as_simulated
from gansynth_isa.data.simulation.sets import SIMULATED_SETS, SPLITS, SimulatedSet
from gansynth_isa.errors import InputError


def simulate_balls(
    data_dir: Path | str,
    train_files_per_class: int | None = None,
    test_files: int | None = None,
    seed: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> int:
    """Recordings of rolling balls, 0.4 s, classes eloxed, coated, broken: see `simulate`."""
    return simulate("mb", data_dir, train_files_per_class, test_files, seed, on_progress)


def simulate(
    dataset: str,
    data_dir: Path | str,
    train_files_per_class: int | None = None,
    test_files: int | None = None,
    seed: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> int:
    """Writes the recordings of a simulated data set: WAV, 16 bit, one channel, 44.1 kHz.

    Recording number i of a class and side depends on (seed, class, side, i) alone: with more files the first
    ones stay the same, and the test side does not depend on the size of the training side.

    Args:
      dataset: 'mb' or 'pucks', a key of `SIMULATED_SETS`.
      data_dir: made if it does not exist; files of the same names are written anew.
      train_files_per_class: training recordings of each class, at least 1; None as in the data set.
      test_files: test recordings of all classes together, spread evenly; None as in the data set.
      seed: 0 or more.
      on_progress: called with (files written, files in all) after each file.

    Returns:
      The number of files written.

    Raises:
      InputError: a number out of range, a folder that cannot be written, or one that holds other recordings.
    """
    simulated = SIMULATED_SETS[dataset]
    if train_files_per_class is None:
        train_files_per_class = simulated.train_files_per_class
    if test_files is None:
        test_files = simulated.test_files
    _check_numbers(train_files_per_class, test_files, seed)
    plan = _plan(simulated, Path(data_dir), train_files_per_class, test_files)
    _refuse_other_recordings(Path(data_dir), {path for path, *_ in plan})
    try:
        Path(data_dir).mkdir(parents=True, exist_ok=True)
        mark_as_simulated(Path(data_dir))
        for number, (path, class_name, split, index) in enumerate(plan, start=1):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, simulated.recording(class_name, split, index, seed), simulated.sample_rate)
            if on_progress is not None:
                on_progress(number, len(plan))
    except (OSError, soundfile.SoundFileError) as error:
        raise InputError(f"data_dir: cannot write to {data_dir} ({error})") from error
    return len(plan)


def _check_numbers(train_files_per_class: int, test_files: int, seed: int) -> None:
    if train_files_per_class < 1:
        raise InputError(f"files_per_class: expected at least 1, got {train_files_per_class}")
    if test_files < 0:
        raise InputError(f"test_files: expected 0 or more, got {test_files}")
    if seed < 0:
        raise InputError(f"seed: expected 0 or more, got {seed}")


def _plan(
    simulated: SimulatedSet, data_dir: Path, train_files_per_class: int, test_files: int
) -> list[tuple[Path, str, str, int]]:
    """(path, class, side, index) of every file; a test side that does not divide evenly favours the first classes."""
    num_classes = len(simulated.class_names)
    plan = []
    for place, class_name in enumerate(simulated.class_names):
        share = (test_files + num_classes - 1 - place) // num_classes
        for split, count in zip(SPLITS, (train_files_per_class, share), strict=True):
            for index in range(count):
                name = f"{simulated.file_stem(class_name, split, index)}.wav"
                plan.append((data_dir / split / class_name / name, class_name, split, index))
    return plan


def _refuse_other_recordings(data_dir: Path, planned: set[Path]) -> None:
    if data_dir.exists() and not data_dir.is_dir():
        raise InputError(f"data_dir: expected a folder, but {data_dir} is a file")
    others = sorted(path for split in SPLITS for path in (data_dir / split).rglob("*.wav") if path not in planned)
    if others:
        raise InputError(
            f"data_dir: expected a new folder, or one of the same simulation, but {data_dir} holds "
            f"{len(others)} other recordings, the first {others[0].relative_to(data_dir)}"
        )


def _write(path: Path, samples: np.ndarray, sample_rate: int) -> None:
    """Writes 16-bit PCM under another name first: a file with the final name is complete."""
    # Not with_suffix: names hold dots of their own.
    unfinished = path.with_name(f"{path.stem}.unfinished")
    rounded = np.round(np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16)
    soundfile.write(unfinished, rounded, sample_rate, subtype="PCM_16", format="WAV")
    os.replace(unfinished, path)
