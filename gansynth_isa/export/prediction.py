"""From a recording to an answer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from gansynth_isa.config import DataConfig
from gansynth_isa.data.clip_sets.clip_reader import ReadRecording, read_recording
from gansynth_isa.data.clip_sets.pipeline import feature_batches
from gansynth_isa.data.recordings.pitfalls import cancels_itself, loss_text
from gansynth_isa.data.recordings.recording import Recording
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import InputError
from gansynth_isa.export.answers import ClipPrediction, Prediction
from gansynth_isa.export.recording_classifier import RecordingClassifier
from gansynth_isa.spectral.transform import make_transform
from gansynth_isa.validation import known

BATCH_SAMPLES = 2**20  # waveform samples per batch of features, so that long recordings do not fill the memory


class Predictor:
    """Classifies recordings, each the mean of its clips.

    Args:
      classifier: a trained or exported one.
    """

    def __init__(self, classifier: RecordingClassifier):
        self._classifier = classifier
        self._transform = classifier.transform or make_transform(classifier.features, classifier.data.sample_rate)

    def predict(self, path: str) -> Prediction:
        """The answer for one recording.

        Clips whose level lies below the classifier's `min_clip_dbfs` do not count, unless all do.

        Raises:
          InputError: the recording cannot be read, lacks the channel, or holds NaN or infinite values; or the
            classifier gives it such probabilities.
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
        if not np.isfinite(probabilities).all():
            raise InputError(f"{path}: expected finite probabilities, but the classifier gives others; it is damaged")
        clips = tuple(
            ClipPrediction(clip.start_s, clip.channel, row) for clip, row in zip(read.clips, probabilities, strict=True)
        )
        mean = probabilities.mean(axis=0, dtype=np.float64)
        return Prediction(path, self._classifier.class_names, mean, clips, tuple(notices))


def _notices(read: ReadRecording, data: DataConfig) -> Iterator[str]:
    if data.channels == "mix" and cancels_itself(read.info.channels, read.signal.mix_loss_db):
        yield f"its channels cancel each other: their mix is {loss_text(known(read.signal.mix_loss_db))}"
    if read.info.sample_rate != data.sample_rate:
        yield f"resampled from {read.info.sample_rate} Hz to {data.sample_rate} Hz"
    if read.is_short:
        yield f"shorter than a clip ({data.clip_seconds:g} s): padded with silence in front"
    if read.num_quiet and read.clips:
        yield f"{read.num_quiet} clips below {data.min_clip_dbfs:g} dBFS left out"
