"""From a recording to an answer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig
from gansynth_isa.data.clip_sets.clip_reader import ReadRecording, read_recording
from gansynth_isa.data.clip_sets.pipeline import feature_batches
from gansynth_isa.data.recordings.pitfalls import cancels_itself, loss_text
from gansynth_isa.data.recordings.recording import Recording
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import printable
from gansynth_isa.export.deployed import DeployedClassifier
from gansynth_isa.spectral.transform import make_transform

BATCH_SAMPLES = 2**20  # waveform samples per batch of features, so that long recordings do not fill the memory


@dataclass(frozen=True)
class ClipPrediction:
    """One clip: where it starts, which channel (None: a mix of all), and float32 (classes,) probabilities."""

    start_s: float
    channel: int | None
    probabilities: np.ndarray


@dataclass(frozen=True)
class Prediction:
    """What a classifier says about a recording.

    Attributes:
      path: the recording as it was named.
      class_names: in the order of the probabilities.
      probabilities: float (classes,), the mean of the clips.
      clips: one prediction for each clip.
      notices: what was done to the recording on its way, a line each.
    """

    path: str
    class_names: tuple[str, ...]
    probabilities: np.ndarray
    clips: tuple[ClipPrediction, ...]
    notices: tuple[str, ...]

    @property
    def class_name(self) -> str:
        """The most probable class."""
        return self.class_names[int(np.argmax(self.probabilities))]

    def to_dict(self, with_clips: bool) -> dict:
        """Ready for JSON."""
        values = {"file": self.path, **self._answer(self.probabilities), "notices": list(self.notices)}
        if with_clips:
            values["clips"] = [
                {"start_s": round(clip.start_s, 6), "channel": clip.channel, **self._answer(clip.probabilities)}
                for clip in self.clips
            ]
        return values

    def text(self, with_clips: bool) -> str:
        """One line for the file, and with `with_clips` one before it for each clip."""
        lines = [f"note: {self.path}: {notice}" for notice in self.notices]
        if with_clips:
            lines += [self._clip_line(clip) for clip in self.clips]
        return "\n".join([*lines, f"{self.path}: {self._words(self.probabilities)}"])

    def _clip_line(self, clip: ClipPrediction) -> str:
        channel = "" if clip.channel is None else f", channel {clip.channel}"
        return f"{self.path} at {clip.start_s:.2f} s{channel}: {self._words(clip.probabilities)}"

    def _words(self, probabilities: np.ndarray) -> str:
        order = np.argsort(-probabilities, kind="stable")
        names = [printable(name) for name in self.class_names]
        shares = ", ".join(f"{names[index]} {probabilities[index]:.3f}" for index in order)
        return f"{names[order[0]]} ({shares})"

    def _answer(self, probabilities: np.ndarray) -> dict:
        shares = zip(self.class_names, probabilities.tolist(), strict=True)
        return {"class": self.class_names[int(np.argmax(probabilities))], "probabilities": dict(shares)}


class Predictor:
    """Classifies recordings, each the mean of its clips.

    Args:
      classifier: a trained or exported one.
    """

    def __init__(self, classifier: DeployedClassifier):
        self._classifier = classifier
        self._transform = make_transform(classifier.features, classifier.data.sample_rate)

    def predict(self, path: str) -> Prediction:
        """The answer for one recording.

        Clips whose level lies below the classifier's `min_clip_dbfs` do not count, unless all do.

        Raises:
          InputError: the recording cannot be read, lacks the channel, or holds NaN or infinite values.
        """
        data = self._classifier.data
        recording = Recording(path, "", path, None)
        read = read_recording(Path(path), recording, data)
        notices = list(_notices(read, data))
        if not read.clips:
            read = read_recording(Path(path), recording, replace(data, min_clip_dbfs=None))
            notices.append(f"all clips are below {data.min_clip_dbfs:g} dBFS; used all the same")
        batch_size = max(1, BATCH_SAMPLES // clip_samples(data))
        batches = feature_batches((clip.samples for clip in read.clips), self._transform, batch_size)
        probabilities = np.concatenate([self._classifier.probabilities(batch) for batch in batches])
        clips = tuple(
            ClipPrediction(clip.start_s, clip.channel, row) for clip, row in zip(read.clips, probabilities, strict=True)
        )
        mean = probabilities.mean(axis=0, dtype=np.float64)
        return Prediction(path, self._classifier.class_names, mean, clips, tuple(notices))


def _notices(read: ReadRecording, data: DataConfig) -> Iterator[str]:
    if data.channels == "mix" and cancels_itself(read.info.channels, read.signal.mix_loss_db):
        yield f"its channels cancel each other: their mix is {loss_text(read.signal.mix_loss_db)}"
    if read.info.sample_rate != data.sample_rate:
        yield f"resampled from {read.info.sample_rate} Hz to {data.sample_rate} Hz"
    if read.is_short:
        yield f"shorter than a clip ({data.clip_seconds:g} s): padded with silence in front"
    if read.num_quiet and read.clips:
        yield f"{read.num_quiet} clips below {data.min_clip_dbfs:g} dBFS left out"
