"""Clips to embeddings: resampled, brought to the length that the model takes, and averaged over its frames."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.classifiers.embedding.model import WaveformModel, load_waveform_model
from gansynth_isa.classifiers.embedding.settings import with_model
from gansynth_isa.config import ClassifierConfig, DataConfig
from gansynth_isa.config.identity import setting_values
from gansynth_isa.data.audio.decoding import resample
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.feature_cache import FeatureCache
from gansynth_isa.data.clip_sets.waveforms import read_waveforms
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import InputError
from gansynth_isa.validation import Decides, known

FORMAT_VERSION = 1  # to be raised when the same model and clips give other embeddings
SAMPLES_AT_ONCE = 2**25  # of the waveforms of clips in memory, 128 MiB
MAX_SAMPLES = 2**24  # of a waveform that the model is given


@dataclass(frozen=True)
class EmbeddedClips(ClipSet):
    """Clips whose `spectrograms` are embeddings, float32 (clips, 1, values, 1)."""


class Embedder:
    """Maps waveforms of clips to vectors.

    Args:
      config: names the model, its sample rate and what becomes of its frames.
      sample_rate: of the clips, in Hz.

    Attributes:
      config: with nothing left open.
      sha256: what tells the model from any other.

    Raises:
      InputError: no model, another than the configuration names by its checksum, one with code in it, or one that takes
        something else than a mono waveform of the length that is asked for.
    """

    def __init__(self, config: ClassifierConfig, sample_rate: int):
        config = with_model(config)
        self.sha256 = known(config.embedding_sha256)
        self.config, self._clip_rate = config, sample_rate
        self._model_rate = known(config.embedding_sample_rate)
        self._model = load_waveform_model(Path(known(config.embedding_model)), config.embedding_output)
        self._num_samples = _length(self._model, config)

    def embeddings(self, waveforms: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """float32 (2 * dimensions,) of each waveform, float32 (samples,): means over frames, then deviations."""
        for waveform in waveforms:
            yield self._embedding(waveform)

    def pooled(self, embeddings: np.ndarray) -> np.ndarray:
        """What the configuration takes of embeddings (clips, 2 * dimensions): float32 (clips, 1, values, 1)."""
        if self.config.embedding_pooling == "mean":
            embeddings = embeddings[:, : embeddings.shape[1] // 2]
        return np.ascontiguousarray(embeddings, np.float32)[:, np.newaxis, :, np.newaxis]

    def transform(self, waveforms: np.ndarray) -> np.ndarray:
        """float32 (clips, 1, values, 1) of waveforms (clips, samples)."""
        return self.pooled(np.stack(list(self.embeddings(waveforms))))

    def key(self, data: DataConfig, clips: ClipSet) -> str:
        """The name under which the embeddings of these clips, cut as `data` says, are kept."""
        config = self.config
        parts = {
            "format_version": FORMAT_VERSION,
            "model": self.sha256,
            "settings": [config.embedding_sample_rate, config.embedding_seconds, config.embedding_output],
            "data": setting_values(data, Decides.CLIPS),
            "recordings": sorted(clips.digests.items()),
            "clips": list(clips.clip_ids),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _embedding(self, waveform: np.ndarray) -> np.ndarray:
        samples = resample(waveform[:, np.newaxis], self._clip_rate, self._model_rate)[:, 0]
        pieces = fitted(samples, self._num_samples) if self._num_samples else [samples]
        frames = np.concatenate([self._model.vectors(piece) for piece in pieces]).astype(np.float64)
        return np.concatenate([frames.mean(axis=0), frames.std(axis=0)]).astype(np.float32)


def fitted(samples: np.ndarray, num_samples: int) -> list[np.ndarray]:
    """Pieces of `num_samples` samples that cover a clip: repeated until it is long enough, or cut.

    A clip that is longer is cut into as few pieces as cover it, spread evenly from its beginning to its end.

    Args:
      samples: float32 (samples,), at least one.
      num_samples: of a piece.
    """
    if len(samples) <= num_samples:
        return [np.resize(samples, num_samples)]
    num_pieces = -(-len(samples) // num_samples)
    starts = np.linspace(0, len(samples) - num_samples, num_pieces).round().astype(int)
    return [samples[start : start + num_samples] for start in starts]


def embed_clips(
    clips: ClipSet,
    data: DataConfig,
    config: ClassifierConfig,
    cache_dir: Path | str | None = None,
    on_clip: Callable[[], None] | None = None,
) -> EmbeddedClips:
    """The clips with embeddings in place of their spectrograms.

    Args:
      clips: of recordings.
      data: how they were cut, nothing left open.
      config: see `Embedder`.
      cache_dir: where embeddings are kept and looked for, by model and clips; None computes them in memory.
      on_clip: called after each clip that is computed.

    Raises:
      InputError: see `Embedder` and `read_waveforms`.
    """
    embedder = Embedder(config, data.sample_rate)
    rest = {name: value for name, value in vars(clips).items() if name != "spectrograms"}
    if not len(clips):
        return EmbeddedClips(spectrograms=np.zeros((0, 1, 1, 1), np.float32), **rest)
    batches = _batches(embedder, data, clips, on_clip)
    if cache_dir is None:
        values = np.concatenate(list(batches))
    else:
        cache, key = FeatureCache(cache_dir), embedder.key(data, clips)
        if cache.read(key) is None:
            cache.write(key, batches, dict)
        entry = cache.read(key)
        if entry is None:
            raise InputError(f"feature_cache_dir: the entry {key} vanished while it was made")
        values = entry[0]
    return EmbeddedClips(spectrograms=embedder.pooled(values[:, 0, :, 0]), **rest)


def _batches(
    embedder: Embedder, data: DataConfig, clips: ClipSet, on_clip: Callable[[], None] | None
) -> Iterator[np.ndarray]:
    """float32 (clips, 1, 2 * dimensions, 1), as the cache keeps features."""
    at_once = max(1, SAMPLES_AT_ONCE // clip_samples(data))
    for start in range(0, len(clips), at_once):
        waveforms = read_waveforms(clips.select(range(start, min(start + at_once, len(clips)))), data)
        embeddings = []
        for embedding in embedder.embeddings(waveforms):
            embeddings.append(embedding)
            if on_clip is not None:
                on_clip()
        yield np.stack(embeddings)[:, np.newaxis, :, np.newaxis]


def _length(model: WaveformModel, config: ClassifierConfig) -> int | None:
    """Samples that the model is given; None where it takes whole clips, however long."""
    rate, seconds = known(config.embedding_sample_rate), config.embedding_seconds
    wanted = None if seconds is None else round(seconds * rate)
    if wanted is not None and not 2 <= wanted <= MAX_SAMPLES:
        raise InputError(f"embedding_seconds: expected 2 to {MAX_SAMPLES:,} samples at {rate} Hz, got {wanted:,}")
    if wanted is not None and model.num_samples is not None and wanted != model.num_samples:
        raise InputError(
            f"embedding_seconds: expected {model.num_samples / rate:g} s, the {model.num_samples:,} samples that the "
            f"model takes at {rate} Hz, got {seconds:g} s"
        )
    return model.num_samples if wanted is None else wanted
