"""Recordings to clips of both sides."""

from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.api.starting import Report, check_type, start
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.subset import choose_subset, side_table, split_sides
from gansynth_isa.derived import resolve_features


@dataclass(frozen=True)
class SplitClips:
    """Clips for training and for testing, and how they were made.

    Attributes:
      train: the training clips; every class has at least one.
      test: the test clips; none where neither the recordings nor the settings name a test side.
      data: how the recordings were cut and split, nothing left open.
      features: how the clips became spectrograms, nothing left open.
    """

    train: ClipSet
    test: ClipSet
    data: DataConfig
    features: FeatureConfig

    @property
    def class_names(self) -> tuple[str, ...]:
        """In the order of the labels."""
        return self.train.class_names

    def __str__(self) -> str:
        """Clips per class and side, as a table."""
        return side_table(self.train, self.test)


def load_clips(
    data: DataConfig,
    features: FeatureConfig = FeatureConfig(),  # noqa: B008 (frozen)
    feature_cache_dir: Path | str | None = None,
    report: Report | None = None,
) -> SplitClips:
    """Reads, cuts and transforms recordings, and splits and thins them out as `data` says.

    Args:
      data: which recordings, the length of a clip, the test side, and how many training clips per class.
      features: what becomes of a clip.
      feature_cache_dir: where spectrograms are kept for the next time; None computes them in memory.
      report: is given lines that a person should know, such as what was resampled; None: they are not shown.

    Raises:
      InputError: whatever is wrong with the folder, one of its recordings, or the settings, by name.
    """
    check_type("data", data, DataConfig)
    check_type("features", features, FeatureConfig)
    start()
    from gansynth_isa.data.clip_sets import loading

    data = loading.resolve_clip_seconds(data)
    features = resolve_features(data, features)
    clips = loading.load_clips(data, features, report, feature_cache_dir)
    train, test = split_sides(clips, data.test_groups)
    train = choose_subset(train, data.clips_per_class, data.subset_seed, data.clips_per_file, data.class_counts)
    return SplitClips(train, test, data, features)
