"""What of a codec is computed and not trained: standardisation, principal components, scale of latents, residual."""

from collections.abc import Iterator

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.generators.components import leading_directions
from gansynth_isa.generators.diffusion.config import COLOURED, COMPONENTS, DiffusionConfig
from gansynth_isa.generators.diffusion.networks.codec import Codec, white_kernel
from gansynth_isa.generators.left_out import folds
from gansynth_isa.generators.texture import edge_gain, texture_kernel
from gansynth_isa.spectral.standardisation import STD_FLOOR

CLIPS_AT_ONCE = 64
MOST_BYTES = 2**28  # of the clips that are looked at; of many large ones as many as fit, evenly spread
# Of latents, before they are scaled: of an autoencoder, below the noise it was trained with a channel says nothing;
# of a component, whose scores grow with the number of values, clips that are the same differ by rounding alone.
SMALLEST_DEVIATION, SMALLEST_OF_COMPONENT = 0.1, 1e-3


def fit_standardisation(codec: Codec, spectrograms: np.ndarray) -> None:
    """Sets mean and deviation of each mel bin from clips (clips, frames, mel_bins, channels)."""
    codec.clip_mean.assign(spectrograms.mean(axis=(0, 1), dtype=np.float64))
    codec.clip_deviation.assign(np.maximum(spectrograms.std(axis=(0, 1), dtype=np.float64), STD_FLOOR))


def fit_codec(codec: Codec, config: DiffusionConfig, clips: ClipSet) -> None:
    """Sets all that follows from the training clips, once the autoencoder is trained.

    Args:
      codec: its standardisation is set.
      config: resolved.
      clips: the training clips.
    """
    clips = _as_many_as_fit(clips)
    if config.diffusion_latents == COMPONENTS:
        rows = np.concatenate([batch.reshape(len(batch), -1) for batch in _standardised(codec, clips.spectrograms)])
        centre, basis = principal_components(rows, codec.layout.num_latents)
        codec.map.centre.assign(centre)
        codec.map.basis.assign(basis)
    latents = np.concatenate([codec.map.encode(batch).numpy() for batch in _standardised(codec, clips.spectrograms)])
    axes = tuple(range(latents.ndim - min(2, latents.ndim - 1)))
    smallest = SMALLEST_OF_COMPONENT if config.diffusion_latents == COMPONENTS else SMALLEST_DEVIATION
    codec.latent_mean.assign(latents.mean(axis=axes, dtype=np.float64))
    codec.latent_deviation.assign(np.maximum(latents.std(axis=axes, dtype=np.float64), smallest))
    if codec.layout.has_residual:
        _fit_residual(codec, config, clips)


def _as_many_as_fit(clips: ClipSet) -> ClipSet:
    most = max(2, MOST_BYTES // (4 * int(np.prod(clips.spectrograms.shape[1:]))))
    if len(clips) <= most:
        return clips
    return clips.select(np.linspace(0, len(clips) - 1, most).round().astype(np.int64))


def principal_components(rows: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean (D,) and the first components (number, D), orthonormal, of rows (n, D); zeros where n - 1 are fewer.

    The signs are such that the largest entry of each is positive, so that they do not depend on the library.
    """
    centre = rows.mean(axis=0, dtype=np.float64)
    found = leading_directions((rows - centre).astype(np.float64), number)
    basis = np.zeros((number, rows.shape[1]))
    for index, direction in enumerate(found):
        largest = direction[np.argmax(np.abs(direction))]
        basis[index] = direction / np.linalg.norm(direction) * np.sign(largest)
    return centre, basis


def _standardised(codec: Codec, spectrograms: np.ndarray) -> Iterator[np.ndarray]:
    for first in range(0, len(spectrograms), CLIPS_AT_ONCE):
        yield codec.standardise(np.asarray(spectrograms[first : first + CLIPS_AT_ONCE], np.float32)).numpy()


def _fit_residual(codec: Codec, config: DiffusionConfig, clips: ClipSet) -> None:
    """Deviation of each value that the latents leave out, and how neighbours hang together."""
    lost = _left_out_of_components if config.diffusion_latents == COMPONENTS else _left_out_of_autoencoder
    residual = lost(codec, clips)
    deviation = np.sqrt(np.square(residual, dtype=np.float64).mean(axis=0))
    shape = codec.layout.clip_shape
    kernel, gain = white_kernel(shape[2]).astype(np.float64), np.ones(shape)
    if config.diffusion_residual == COLOURED:
        kernel = texture_kernel(residual / np.maximum(deviation, 1e-12))
        gain = edge_gain(kernel, shape)
    codec.residual.assign(deviation / gain)
    codec.kernel.assign(kernel)


def _left_out_of_autoencoder(codec: Codec, clips: ClipSet) -> np.ndarray:
    """(clips, *clip_shape) what the autoencoder does not give back of the training clips."""
    parts = [
        batch - codec.map.decode(codec.map.encode(batch)).numpy() for batch in _standardised(codec, clips.spectrograms)
    ]
    return np.concatenate(parts)


def _left_out_of_components(codec: Codec, clips: ClipSet) -> np.ndarray:
    """(clips, *clip_shape) what components of other recordings do not give back of a clip."""
    standardised = np.concatenate(list(_standardised(codec, clips.spectrograms)))
    rows = standardised.reshape(len(standardised), -1)
    recordings = np.array(clips.recordings, object)
    if len(set(clips.recordings)) < 2:
        recordings = np.arange(len(clips))
    residual = np.empty_like(rows)
    for left in folds(clips.labels, recordings):
        centre, basis = principal_components(rows[~left], codec.layout.num_latents)
        centred = rows[left] - centre
        residual[left] = centred - centred @ basis.T @ basis
    return residual.reshape(standardised.shape)
