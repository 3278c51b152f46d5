"""Writes simulated recordings in the layout of the data sets: <data_dir>/<train|test>/<class>/<name>.wav."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from gansynth_isa.data.simulation.acoustics import draw_scene, record, set_level
from gansynth_isa.data.simulation.balls import RUN_IN_S, SAMPLE_RATE, SURFACES, rolling_sound
from gansynth_isa.errors import InputError

BALL_DURATION_S = 0.4
BALL_TEST_FILES = 171  # 57 per class, the size of the data set's test side (Table 1 of the paper)
BALL_TRAIN_FILES_PER_CLASS = 360  # the paper's largest scarcity level
SPLITS = ("train", "test")


def simulate_balls(
    data_dir,
    train_files_per_class: int = BALL_TRAIN_FILES_PER_CLASS,
    test_files: int = BALL_TEST_FILES,
    seed: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> int:
    """Writes recordings of rolling balls: WAV, 16 bit, one channel, 44.1 kHz, 0.4 s, classes eloxed, coated, broken.

    Recording number i of a class and side depends on (seed, class, side, i) alone: with more files the first
    ones stay the same, and the test side does not depend on the size of the training side.

    Args:
      data_dir: made if it does not exist; files of the same names are written anew.
      train_files_per_class: training recordings of each class, at least 1.
      test_files: test recordings of all classes together, spread evenly.
      seed: 0 or more.
      on_progress: called with (files written, files in all) after each file.

    Returns:
      The number of files written.

    Raises:
      InputError: a number out of range, a folder that cannot be written, or one that holds other recordings.
    """
    _check_numbers(train_files_per_class, test_files, seed)
    plan = _plan(Path(data_dir), train_files_per_class, test_files)
    _refuse_other_recordings(Path(data_dir), {path for path, *_ in plan})
    try:
        for number, (path, class_name, split, index) in enumerate(plan, start=1):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, ball_recording(class_name, split, index, seed))
            if on_progress is not None:
                on_progress(number, len(plan))
    except (OSError, soundfile.SoundFileError) as error:
        raise InputError(f"data_dir: cannot write to {data_dir} ({error})") from error
    return len(plan)


def ball_recording(class_name: str, split: str, index: int, seed: int) -> np.ndarray:
    """One simulated recording.

    Args:
      class_name: 'eloxed', 'coated' or 'broken'.
      split: 'train' or 'test'.
      index: number of the recording, from 0.
      seed: of the whole data set.

    Returns:
      float64 (samples,), within [-1, 1], at 44.1 kHz.
    """
    rng = np.random.default_rng([seed, SPLITS.index(split), sorted(SURFACES).index(class_name), index])
    scene = draw_scene(rng)
    sound = rolling_sound(class_name, BALL_DURATION_S, rng)
    recorded = record(sound, scene, SAMPLE_RATE, rng)[round(RUN_IN_S * SAMPLE_RATE) :]
    return set_level(recorded, scene.level_dbfs)


def _check_numbers(train_files_per_class: int, test_files: int, seed: int):
    if train_files_per_class < 1:
        raise InputError(f"files_per_class: expected at least 1, got {train_files_per_class}")
    if test_files < 0:
        raise InputError(f"test_files: expected 0 or more, got {test_files}")
    if seed < 0:
        raise InputError(f"seed: expected 0 or more, got {seed}")


def _plan(data_dir: Path, train_files_per_class: int, test_files: int) -> list[tuple[Path, str, str, int]]:
    """(path, class, side, index) of every file; a test side that does not divide evenly favours the first classes."""
    class_names = sorted(SURFACES)
    plan = []
    for place, class_name in enumerate(class_names):
        share = (test_files + len(class_names) - 1 - place) // len(class_names)
        for split, count in zip(SPLITS, (train_files_per_class, share), strict=True):
            folder = data_dir / split / class_name
            plan += [(folder / f"{class_name}_{index:04d}.wav", class_name, split, index) for index in range(count)]
    return plan


def _refuse_other_recordings(data_dir: Path, planned: set[Path]):
    if data_dir.exists() and not data_dir.is_dir():
        raise InputError(f"data_dir: expected a folder, but {data_dir} is a file")
    others = sorted(path for split in SPLITS for path in (data_dir / split).rglob("*.wav") if path not in planned)
    if others:
        raise InputError(
            f"data_dir: expected a new folder, or one of the same simulation, but {data_dir} holds "
            f"{len(others)} other recordings, the first {others[0].relative_to(data_dir)}"
        )


def _write(path: Path, samples: np.ndarray):
    """Writes 16-bit PCM under another name first: a file with the final name is complete."""
    unfinished = path.with_suffix(".unfinished")
    rounded = np.round(np.clip(samples, -1.0, 1.0) * 32767).astype(np.int16)
    soundfile.write(unfinished, rounded, SAMPLE_RATE, subtype="PCM_16", format="WAV")
    os.replace(unfinished, path)
