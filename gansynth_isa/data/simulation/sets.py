"""The two simulated data sets: classes, counts, file names, and how one recording is made."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gansynth_isa.data.simulation import balls, pucks
from gansynth_isa.data.simulation.acoustics import draw_line_scene, draw_scene, record, set_level
from gansynth_isa.data.simulation.machinery import draw_machinery, machinery_sound

SPLITS = ("train", "test")
BALL_DURATION_S = 0.4
PUCK_DURATION_S = 60.0
PUCK_VOLUMES = {"train": 0.5, "test": 1.0}  # of the background; the file names say vol.050 and vol.100
BACKGROUND_LEVEL = 0.01  # root mean square at full volume, where an impact at 1 m/s peaks around 1
PEAK = 0.95
_PUCK_STREAM = 7919  # keeps the random numbers of pucks apart from those of balls


@dataclass(frozen=True)
class SimulatedSet:
    """A data set that can be written.

    Attributes:
      class_names: sorted.
      duration_s: of every recording.
      sample_rate: in Hz.
      train_files_per_class: unless another number is asked for.
      test_files: of all classes together.
      recording: (class name, split, index, seed) -> float64 (samples,) within [-1, 1].
      file_stem: (class name, split, index) -> name of the file without `.wav`.
    """

    class_names: tuple[str, ...]
    duration_s: float
    sample_rate: int
    train_files_per_class: int
    test_files: int
    recording: Callable[[str, str, int, int], np.ndarray]
    file_stem: Callable[[str, str, int], str]


def ball_recording(class_name: str, split: str, index: int, seed: int) -> np.ndarray:
    """One simulated recording of a rolling ball.

    Args:
      class_name: 'eloxed', 'coated' or 'broken'.
      split: 'train' or 'test'.
      index: number of the recording, from 0.
      seed: of the whole data set.

    Returns:
      float64 (samples,), within [-1, 1], at 44.1 kHz.
    """
    rng = np.random.default_rng([seed, SPLITS.index(split), sorted(balls.SURFACES).index(class_name), index])
    scene = draw_scene(rng)
    sound = balls.rolling_sound(class_name, BALL_DURATION_S, rng)
    recorded = record(sound, scene, balls.SAMPLE_RATE, rng)[round(balls.RUN_IN_S * balls.SAMPLE_RATE) :]
    return set_level(recorded, scene.level_dbfs)


def puck_recording(
    class_name: str, split: str, index: int, seed: int, duration_s: float = PUCK_DURATION_S
) -> np.ndarray:
    """One simulated recording of dropping pucks before the background of a production line.

    The background of the test side is twice as loud as that of the training side, the impacts are the same.

    Args:
      class_name: one of `pucks.CLASS_NAMES`.
      split: 'train' or 'test'.
      index: number of the recording, from 0.
      seed: of the whole data set.
      duration_s: of the recording.

    Returns:
      float64 (samples,), within [-1, 1], at 44.1 kHz.
    """
    place = [SPLITS.index(split), pucks.CLASS_NAMES.index(class_name), index]
    rng = np.random.default_rng([seed, _PUCK_STREAM, *place])
    scene = draw_line_scene(rng)
    volume = PUCK_VOLUMES[split]
    sound = pucks.puck_sound(class_name, duration_s, rng)
    background = machinery_sound(len(sound), pucks.SAMPLE_RATE, draw_machinery(rng), rng)
    recorded = record(sound + BACKGROUND_LEVEL * volume * background, scene, pucks.SAMPLE_RATE, rng)
    # The gain knows nothing of class and background.
    gain = 10 ** (scene.level_dbfs / 20)
    return recorded * min(gain, PEAK / np.abs(recorded).max())


def _ball_stem(class_name: str, split: str, index: int) -> str:
    return f"{class_name}_{index:04d}"


def _puck_stem(class_name: str, split: str, index: int) -> str:
    return f"{class_name}_vol.{round(100 * PUCK_VOLUMES[split]):03d}_{index:04d}"


# Counts: Table 1 of the paper, its largest scarcity level for balls, and enough for its three levels of pucks.
SIMULATED_SETS = {
    "mb": SimulatedSet(
        class_names=tuple(sorted(balls.SURFACES)),
        duration_s=BALL_DURATION_S,
        sample_rate=balls.SAMPLE_RATE,
        train_files_per_class=360,
        test_files=171,
        recording=ball_recording,
        file_stem=_ball_stem,
    ),
    "pucks": SimulatedSet(
        class_names=pucks.CLASS_NAMES,
        duration_s=PUCK_DURATION_S,
        sample_rate=pucks.SAMPLE_RATE,
        train_files_per_class=6,
        test_files=75,
        recording=puck_recording,
        file_stem=_puck_stem,
    ),
}
