"""Synthetic clips, the clips that the generator saw nearest to them, and other real ones, side by side."""

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.measures.nearest import NearestClips
from gansynth_isa.runs.clip_pictures import SamplePictures
from gansynth_isa.spectral.normalizers import SIMPLE_NORMALIZER, fit_normalizer

PER_CLASS = 4


def neighbours_picture(
    seen: ClipSet, real: ClipSet, synthetic: ClipSet, data: DataConfig, features: FeatureConfig
) -> np.ndarray:
    """Draws up to four synthetic clips of each class, and under the same number the nearest that the generator saw.

    Args:
      seen: the clips that the generator was trained on.
      real: further real clips, for what another take looks like; may be none.
      synthetic: what it generated; classes without a clip are left out.
      data, features: of all of them, with nothing left open.

    Returns:
      uint8 pixels (height, width, 3).
    """
    nearest = NearestClips(seen.spectrograms)
    normalizer = fit_normalizer(SIMPLE_NORMALIZER, np.asarray(seen.spectrograms), 1.0)
    rows, names = [], []
    for label, name in enumerate(synthetic.class_names):
        made = _spread_out(synthetic, label)
        if not len(made):
            continue
        _, places = nearest.find(made)
        parts = [made, np.asarray(seen.spectrograms)[places], *([_spread_out(real, label)] if len(real) else [])]
        rows.append(np.concatenate([_filled(normalizer.normalize(part)) for part in parts]))
        names.append(name)
    titles = {0: "synthetic", PER_CLASS: "nearest clip that was seen"}
    if len(real):
        titles[2 * PER_CLASS] = "real, not seen"
    return SamplePictures(features, data.sample_rate, tuple(names)).draw(np.stack(rows), titles, "Synthetic and real")


def _spread_out(clips: ClipSet, label: int) -> np.ndarray:
    """Up to PER_CLASS clips of a class, evenly spread over them."""
    members = np.flatnonzero(clips.labels == label)
    chosen = np.linspace(0, len(members) - 1, min(PER_CLASS, len(members))).round().astype(int)
    return np.asarray(clips.spectrograms[members[chosen]])


def _filled(clips: np.ndarray) -> np.ndarray:
    """PER_CLASS clips; what is missing is black."""
    missing = PER_CLASS - len(clips)
    return np.pad(clips, ((0, missing), (0, 0), (0, 0), (0, 0)), constant_values=-1.0)
