"""What a classifier says about a recording, and how that is written."""

from dataclasses import dataclass

import numpy as np


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
        shares = ", ".join(f"{self.class_names[index]} {probabilities[index]:.3f}" for index in order)
        return f"{self.class_names[order[0]]} ({shares})"

    def _answer(self, probabilities: np.ndarray) -> dict:
        shares = zip(self.class_names, probabilities.tolist(), strict=True)
        return {"class": self.class_names[int(np.argmax(probabilities))], "probabilities": dict(shares)}
