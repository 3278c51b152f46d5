"""Writes the recordings of the artefacts: two classes, three groups, whole numbers only, so that all machines agree.

Usage: python write_recordings.py FOLDER. Each file is 0.256 s of PCM 16 at 2,000 Hz: two clips of 256 samples.
"""

import sys
import wave
from pathlib import Path

import numpy as np

SAMPLE_RATE = 2000
NUM_SAMPLES = 512
GROUPS = (1, 2, 3)
FILES_PER_GROUP = 2


def hum(rng: np.random.Generator) -> np.ndarray:
    """A square wave of 62 to 83 Hz with a little noise, int16 (samples,)."""
    half_period = int(rng.integers(12, 17))
    square = (np.arange(NUM_SAMPLES) // half_period % 2) * 16000 - 8000
    return (square + rng.integers(-400, 400, NUM_SAMPLES)).astype("<i2")


def rattle(rng: np.random.Generator) -> np.ndarray:
    """Noise in four to six bursts that fade, int16 (samples,)."""
    period = NUM_SAMPLES // int(rng.integers(4, 7))
    strength = 12000 // (1 + np.arange(NUM_SAMPLES) % period // 8)
    return (rng.integers(-1000, 1001, NUM_SAMPLES) * strength // 1000).astype("<i2")


def main(folder: Path) -> None:
    """Writes CLASS_GROUP_NUMBER.wav for all classes, groups and numbers."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(11)
    for make in (hum, rattle):
        for group in GROUPS:
            for number in range(FILES_PER_GROUP):
                with wave.open(str(folder / f"{make.__name__}_{group}_{number}.wav"), "wb") as file:
                    file.setparams((1, 2, SAMPLE_RATE, NUM_SAMPLES, "NONE", None))
                    file.writeframes(make(rng).tobytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
