"""Refuses synthetic clips that do not fit the recordings, or that would make a test dishonest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.config.identity import setting_values
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.errors import InputError, nearest
from gansynth_isa.generators.base import Provenance
from gansynth_isa.measures.same_clips import same_clips
from gansynth_isa.validation import Decides


def check_synthetic(
    synthetic: SyntheticClips, train: ClipSet, test: ClipSet, data: DataConfig, features: FeatureConfig
) -> SyntheticClips:
    """Checks synthetic clips against the recordings that they are to be used with.

    Clips that were imported have no generator whose recordings could be compared: their classes may be some of those of
    the recordings, and none of the clips may be one of the test side.

    Args:
      synthetic: the clips.
      train: the real clips beside which they stand; the generator must have been trained on these and no others that
        are labelled, or a method would profit from labels that the others do not have. Clips of guessed classes may
        be among its training clips.
      test: the test side.
      data: how the real clips were cut.
      features: how their features were made.

    Returns:
      The clips, labelled by the classes of `train`.

    Raises:
      InputError: other classes, another shape, other settings, a generator that has seen a test file, one that was
        trained on other clips, or imported clips among which is a clip of the test side.
    """
    is_imported = synthetic.imported_from is not None
    synthetic = _with_classes_of(synthetic, train) if is_imported else synthetic
    _check_classes(synthetic, train)
    try:
        _check_settings(synthetic, train, data, features)
        if is_imported:
            check_not_of(synthetic, test)
        if is_imported and "data" not in synthetic.metadata:  # in an experiment they go with their training clips
            return synthetic
        trained_on = synthetic.metadata["data"]
        check_recordings_unseen(trained_on, test)
        _check_trained_on(trained_on, train)
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"synthetic_dir: the metadata of the clips are damaged ({error!r})") from error
    return synthetic


def check_not_of(synthetic: SyntheticClips, test: ClipSet) -> None:
    """Refuses imported clips whose content is on the test side, whatever their files are called.

    Args:
      synthetic: imported clips, of the shape of the others.
      test: the test side, perhaps none.

    Raises:
      InputError: names the first such file or clip, and says how many there are.
    """
    files = synthetic.metadata["imported"]["files"]
    path_of = {digest: path for path, digest in test.digests.items()}
    same = [(path, path_of[digest]) for path, digest in sorted(files.items()) if digest in path_of]
    if not same:
        names = synthetic.metadata["imported"]["clips"] or [f"clip {index}" for index in range(len(synthetic))]
        pairs = same_clips(synthetic.spectrograms, test.spectrograms)
        same = [(names[index], test.clip_ids[other]) for index, other in pairs]
    if same:
        more = f", and {len(same) - 1} more" if len(same) > 1 else ""
        raise InputError(
            f"synthetic_dir: expected clips that are not on the test side, but {same[0][0]} has the content of "
            f"{same[0][1]}{more}"
        )


def _with_classes_of(synthetic: SyntheticClips, train: ClipSet) -> SyntheticClips:
    """Imported clips, their labels in the order of the classes of `train`, which may be more."""
    names = train.class_names
    check_imported_classes("synthetic_dir", synthetic.class_names, names)
    index_of = np.array([names.index(name) for name in synthetic.class_names], np.int32)
    return replace(synthetic, labels=index_of[synthetic.labels], class_names=names)


def check_imported_classes(setting: str, names: Sequence[str], known: Sequence[str]) -> None:
    """Refuses classes of imported clips that the recordings do not have; they may be some of these.

    Args:
      setting: that names where the clips are, for the message.
      names: classes of the clips.
      known: those of the recordings.

    Raises:
      InputError: names the first such class, and the nearest right name.
    """
    for name in names:
        if name not in known:
            raise InputError(
                f"{setting}: expected clips of the classes {', '.join(known)}, got {name!r}{nearest(name, known)}"
            )


def check_training_clips(origin: Provenance, clips: ClipSet) -> None:
    """Refuses clips that are not those that a generator was trained on.

    Raises:
      InputError: they are others.
    """
    if "guessed" in origin.recordings:
        raise InputError(
            f"data_dir: expected a generator of labelled clips alone, but {origin.recordings['guessed']} of its clips "
            "have a class that was guessed, and nobody has kept the guesses"
        )
    if origin.recordings["sha256"] != clips.fingerprint()["sha256"] or origin.class_names != clips.class_names:
        raise InputError(
            f"data_dir: expected the {len(origin.recordings['clips'])} clips that the generator was trained on, "
            f"got {len(clips)} others"
        )


def check_recordings_unseen(recordings: Mapping, test: ClipSet, setting: str = "synthetic_dir") -> None:
    """Refuses a generator that has learnt from a test file, or that started from weights which have.

    Args:
      recordings: `Provenance.recordings`.
      test, setting: as of `check_unseen`.

    Raises:
      InputError: see `check_unseen`.
    """
    check_unseen(recordings["files"], test, setting)
    for path, digests in recordings.get("files_before", {}).items():
        for digest in digests:
            check_unseen({path: digest}, test, setting)


def check_unseen(trained_files: dict[str, str], test: ClipSet, setting: str = "synthetic_dir") -> None:
    """Refuses a generator that was trained on a test file, known by its path or by its content.

    Args:
      trained_files: {path: SHA-256 of the content} of the files that the generator was trained on.
      test: the test side.
      setting: that names where the generator is, for the message.

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
            f"{setting}: expected a generator that has seen no test file, but it was trained on {seen[0]}{more}"
        )


def _check_classes(synthetic: SyntheticClips, train: ClipSet) -> None:
    wanted, got = tuple(train.class_names), tuple(synthetic.class_names)
    if wanted != got:
        raise InputError(f"synthetic_dir: expected the classes {', '.join(wanted)}, got {', '.join(got)}")


def _check_trained_on(trained_on: dict, train: ClipSet) -> None:
    # Clips whose class was guessed are none that the classifier has.
    labelled = trained_on.get("labelled_sha256", trained_on["sha256"])
    if labelled != train.fingerprint()["sha256"]:
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
