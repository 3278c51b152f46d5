"""Refuses synthetic clips that do not fit the recordings, or that would make a test dishonest."""

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.config.identity import setting_values
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import Provenance
from gansynth_isa.validation import Decides


def check_synthetic(
    synthetic: SyntheticClips, train: ClipSet, test: ClipSet, data: DataConfig, features: FeatureConfig
) -> None:
    """Checks synthetic clips against the recordings that they are to be used with.

    Args:
      synthetic: the clips.
      train: the real clips beside which they stand; the generator must have been trained on these and no others, or
        a method would profit from recordings that the others do not have.
      test: the test side.
      data: how the real clips were cut.
      features: how their features were made.

    Raises:
      InputError: other classes, another shape, other settings, a generator that has seen a test file, or one that
        was trained on other clips.
    """
    _check_classes(synthetic, train)
    try:
        _check_settings(synthetic, train, data, features)
        trained_on = synthetic.metadata["data"]
        check_unseen(trained_on["files"], test)
        for path, digests in trained_on.get("files_before", {}).items():
            for digest in digests:
                check_unseen({path: digest}, test)
        _check_trained_on(trained_on, train)
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"synthetic_dir: the metadata of the clips are damaged ({error!r})") from error


def check_training_clips(origin: Provenance, clips: ClipSet) -> None:
    """Refuses clips that are not those that a generator was trained on.

    Raises:
      InputError: they are others.
    """
    if origin.recordings["sha256"] != clips.fingerprint()["sha256"] or origin.class_names != clips.class_names:
        raise InputError(
            f"data_dir: expected the {len(origin.recordings['clips'])} clips that the generator was trained on, "
            f"got {len(clips)} others"
        )


def check_unseen(trained_files: dict[str, str], test: ClipSet) -> None:
    """Refuses a generator that was trained on a test file, known by its path or by its content.

    Args:
      trained_files: {path: SHA-256 of the content} of the files that the generator was trained on.
      test: the test side.

    Raises:
      InputError: names the first such file and says how many there are.
    """
    trained_digests = set(trained_files.values())
    seen = sorted(
        path for path in set(test.recordings) if path in trained_files or test.digests[path] in trained_digests
    )
    if seen:
        more = f" and {len(seen) - 1} more test files" if len(seen) > 1 else ""
        raise InputError(
            f"synthetic_dir: expected a generator that has seen no test file, but it was trained on {seen[0]}{more}"
        )


def _check_classes(synthetic: SyntheticClips, train: ClipSet) -> None:
    wanted, got = tuple(train.class_names), tuple(synthetic.class_names)
    if wanted != got:
        raise InputError(f"synthetic_dir: expected the classes {', '.join(wanted)}, got {', '.join(got)}")


def _check_trained_on(trained_on: dict, train: ClipSet) -> None:
    if trained_on["sha256"] != train.fingerprint()["sha256"]:
        raise InputError(
            f"synthetic_dir: expected a generator trained on the same {len(train)} clips as the classifier, but its "
            f"{len(trained_on['clips'])} were others; give both the same --clips_per_class, --clips_of_class and "
            "--subset_seed"
        )


def _check_settings(synthetic: SyntheticClips, train: ClipSet, data: DataConfig, features: FeatureConfig) -> None:
    if synthetic.data_type != features.data_type:
        raise InputError(f"synthetic_dir: expected clips of data_type {features.data_type}, got {synthetic.data_type}")
    if synthetic.spectrograms.shape[1:] != train.spectrograms.shape[1:]:
        raise InputError(
            f"synthetic_dir: expected clips of shape {train.spectrograms.shape[1:]}, "
            f"got {synthetic.spectrograms.shape[1:]}"
        )
    configuration = synthetic.metadata["configuration"]
    wanted = setting_values(features, Decides.CLIPS) | setting_values(data, Decides.CLIPS)
    made_with = configuration["features"] | configuration["data"] | {"data_type": synthetic.data_type}
    for name, value in wanted.items():
        if made_with[name] != value:
            raise InputError(f"synthetic_dir: expected clips made with {name} = {value}, got {made_with[name]}")
