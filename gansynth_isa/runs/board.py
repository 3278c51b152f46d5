"""What TensorBoard shows of a run."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

from gansynth_isa import validation
from gansynth_isa.errors import InputError, printable
from gansynth_isa.files import writing
from gansynth_isa.tables import markdown_table

EVENT_FILES = "events.out.tfevents.*"
RECORD_OVERHEAD = 16  # bytes of length and checksums around each event


class Board:
    """Writes a run's TensorBoard events; the step is the number of images shown."""

    def __init__(self, path: Path):
        self._path = path
        with _writing(path):
            self._writer = tf.summary.create_file_writer(str(path))

    def describe(self, config: Any, plan: str) -> None:
        """The configuration, a dataclass of settings, and the plan as text; the settings for the HParams page too."""
        settings = validation.leaves(validation.to_dict(config))
        with _writing(self._path), self._writer.as_default(step=0):
            tf.summary.text("configuration", markdown_table(["setting", "value"], list(settings.items())))
            tf.summary.text("plan", "\n".join(f"    {line}" for line in plan.splitlines()))
            hparams.hparams(
                {name: _plain(value) for name, value in settings.items()}, trial_id=str(self._path.resolve())
            )
            self._writer.flush()

    def scalars(self, image: int, values: dict[str, float]) -> None:
        """Values {tag: value}; they are in the file when this returns."""
        with _writing(self._path), self._writer.as_default(step=image):
            for tag, value in values.items():
                tf.summary.scalar(tag, value)
            self._writer.flush()

    def images(self, image: int, pictures: dict[str, np.ndarray]) -> None:
        """Pictures {tag: uint8 (height, width, 3)}; they are in the file when this returns."""
        with _writing(self._path), self._writer.as_default(step=image):
            for tag, pixels in pictures.items():
                tf.summary.image(tag, pixels[np.newaxis])
            self._writer.flush()

    def audio(self, image: int, sounds: dict[str, np.ndarray], sample_rate: int) -> None:
        """Sounds {tag: float32 (samples,) in [-1, 1]}; they are in the file when this returns."""
        with _writing(self._path), self._writer.as_default(step=image):
            for tag, sound in sounds.items():
                tf.summary.audio(
                    printable(tag), sound[np.newaxis, :, np.newaxis].astype(np.float32), sample_rate, encoding="wav"
                )
            self._writer.flush()

    def close(self) -> None:
        """Closes the event file."""
        with _writing(self._path):
            self._writer.close()


def rewind_events(folder: Path, image: int) -> None:
    """Cuts the event files off before the first event behind `image`, or where a kill left a torn record.

    Raises:
      InputError: the folder cannot be written.
    """
    for path in sorted(folder.glob(EVENT_FILES)):
        num_bytes, num_events = _length_up_to(path, image)
        with writing(path):
            if num_events <= 1:  # the format's version alone
                path.unlink()
            elif num_bytes < path.stat().st_size:
                os.truncate(path, num_bytes)


def _length_up_to(path: Path, image: int) -> tuple[int, int]:
    """Bytes and number of the leading whole events of a file whose step is at most `image`; steps rise in a file."""
    num_bytes = num_events = 0
    with contextlib.suppress(tf.errors.DataLossError):
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            if tf.compat.v1.Event.FromString(record).step > image:
                break
            num_bytes += len(record) + RECORD_OVERHEAD
            num_events += 1
    return num_bytes, num_events


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turns what the operating system refuses to TensorFlow's event writer into an `InputError`."""
    try:
        yield
    except tf.errors.OpError as error:
        raise InputError(f"{path}: TensorBoard events cannot be written: {error.message}") from error


def _plain(value: Any) -> bool | int | float | str:
    """A value that the HParams page can show: lists and nothing become text."""
    return value if isinstance(value, bool | int | float) else printable(str(value))
