"""What several commands do first: settings that follow from the recordings, clips, and their two sides."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gansynth_isa.cli.options import Options
from gansynth_isa.cli.presets import PRESETS
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.config.unlabelled import GUESSED, SUPERVISED
from gansynth_isa.console import Console, Progress
from gansynth_isa.derived import resolve_features
from gansynth_isa.errors import InputError, printable
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.methods import method_named

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips


def resolved_data(options: Options) -> DataConfig:
    """The data settings with clip length and name filled in from the recordings.

    Without --data_dir the plan of a data set of the paper can still be shown.

    Raises:
      InputError: no --data_dir where it is needed, or no usable recordings in it.
    """
    data = options.data
    if data.data_dir is None and data.dataset in PRESETS and options.command.dry_run:
        return dataclasses.replace(data, dataset_name=data.dataset_name or data.dataset)
    options.required_dir("data_dir", "the folder that holds the recordings")
    from gansynth_isa.data.clip_sets.loading import resolve_clip_seconds

    return resolve_clip_seconds(data)


def resolved_features(options: Options) -> tuple[DataConfig, FeatureConfig]:
    """Data and feature settings with nothing left open.

    Raises:
      InputError: see `resolved_data`; clips that would have very many frames.
    """
    data = resolved_data(options)
    return data, resolve_features(data, options.features)


def resolved_generator(options: Options, name: str, data: DataConfig, features: FeatureConfig) -> Any:
    """The settings of a kind of generator with nothing left open.

    Raises:
      InputError: settings that do not fit the clips.
    """
    return kind_named(name).resolve_for(options.generators[name], data, features)


def show_recordings(data: DataConfig, console: Console) -> None:
    """Prints what a run that is only planned would find; nothing without --data_dir.

    Raises:
      InputError: a set that cannot be used.
    """
    if data.data_dir is not None:
        from gansynth_isa.data.recordings.overview import overview

        console.line(overview(data))


def load_all(data: DataConfig, features: FeatureConfig, console: Console, feature_cache_dir: str | None) -> ClipSet:
    """All clips of both sides, from the cache where they are there; a bar shows where they are computed."""
    from gansynth_isa.data.clip_sets.loading import load_clips

    bars: list[Progress] = []
    started = time.monotonic()

    def show(num_read: int, num_recordings: int) -> None:
        if not bars:
            bars.append(console.progress(num_recordings, "features"))
        bars[0].update()

    try:
        clips = load_clips(data, features, console.line, feature_cache_dir, on_recording=show)
    finally:
        for bar in bars:
            bar.close()
    source = "computed" if bars else f"read from {feature_cache_dir}"
    console.line(f"features of {len(clips):,} clips {source} in {time.monotonic() - started:.1f} s")
    return clips


def embedding(
    config: ClassifierConfig, data: DataConfig, console: Console, feature_cache_dir: str | None
) -> Callable[[ClipSet], ClipSet] | None:
    """What puts embeddings in the place of spectrograms for a classifier of embeddings; None for all others.

    Args:
      config: see `embedding.settings.with_model`.
      data: how the clips are cut.
      console: shows the progress.
      feature_cache_dir: where embeddings are kept too; empty or None: nowhere.
    """
    if config.classifier != EMBEDDING:
        return None

    def embed(clips: ClipSet) -> ClipSet:
        from gansynth_isa.classifiers.embedding.embedder import embed_clips

        with console.progress(len(clips), "embeddings") as progress:
            return embed_clips(clips, data, config, feature_cache_dir or None, progress.update)

    return embed


def load_sides(
    data: DataConfig,
    features: FeatureConfig,
    console: Console,
    feature_cache_dir: str | None = None,
    change: Callable[[ClipSet], ClipSet] | None = None,
) -> tuple[ClipSet, ClipSet, ClipSet]:
    """Loads all clips, splits and thins them out as `data` says, and prints the counts.

    With `change` that is done to all of them first.

    Returns:
      (train subset, whole train side, test side).
    """
    from gansynth_isa.data.clip_sets.subset import choose_subset, side_table, split_sides

    clips = load_all(data, features, console, feature_cache_dir)
    clips = clips if change is None else change(clips)
    train, test = split_sides(clips, data.test_groups)
    subset = choose_subset(train, data.clips_per_class, data.subset_seed, data.clips_per_file, data.class_counts)
    console.line(side_table(subset, test))
    return subset, train, test


def require_test_side(test: ClipSet, data: DataConfig) -> None:
    """Refuses a split without test clips."""
    if len(test) == 0:
        raise InputError(
            f"test_groups: expected test recordings in {data.data_dir}, got none; gansynth_isa_inspect says what "
            "makes a test side"
        )


def check_synthetic_dir(folder: Path) -> Path:
    """`folder`, of synthetic clips; looked at before TensorFlow is loaded, which takes its time.

    Raises:
      InputError: it holds no finished set of clips.
    """
    from gansynth_isa.data.clip_sets.synthetic_metadata import read_metadata

    read_metadata(folder)
    return folder


def refuse_unused(config: ClassifierConfig, methods: Sequence[str], given: Collection[str]) -> None:
    """Refuses a use of synthetic clips that is asked for on the command line where no method has any.

    A flag file may say it for the methods that it is not used with, too.

    Args:
      config: settings of the classifier.
      methods: what is trained.
      given: names of the flags on the command line itself.

    Raises:
      InputError: names the flag.
    """
    if any(method_named(name).synthetic or method_named(name).chooses for name in methods):
        return
    for item in dataclasses.fields(config):
        if item.name in given and item.name.startswith("synthetic_") and getattr(config, item.name) != item.default:
            raise InputError(
                f"{item.name}: expected a method with synthetic clips, got {', '.join(methods)}, which uses none"
            )


def tell_source(synthetic: SyntheticClips, console: Console) -> None:
    """Says where clips that were imported come from; nothing for those of a generator."""
    if (source := synthetic.imported_from) is not None:
        console.line(f"synthetic clips imported from: {printable(source)}; what their maker had heard is unknown")


def check_learner(options: Options, methods: Sequence[str], given: Collection[str]) -> None:
    """Refuses unlabelled clips that nothing learns from, and a learner without any, before recordings are read.

    A flag file may name unlabelled clips for another learner, too.

    Args:
      options: of the command line.
      methods: what is trained.
      given: names of the flags on the command line itself.

    Raises:
      InputError: names the flag.
    """
    config, folder = options.classifier, options.command.unlabelled_dir
    if config.learner != SUPERVISED or config.classifier_init_from is not None:
        for method in methods:
            dataclasses.replace(config, method=method)  # refuses methods that do not go with these
    if config.learner == SUPERVISED:
        for name in sorted(given):
            if name.startswith("unlabelled") and _is_set(options, name):
                raise InputError(f"{name}: expected a --learner of unlabelled clips, got supervised, which uses none")
        return
    if config.learner == GUESSED:
        for name in sorted(given):
            if name.startswith("unlabelled_") and name != "unlabelled_dir" and _is_set(options, name):
                raise InputError(f"{name}: expected another --learner than guessed, which has no use for it")
    if config.unlabelled == "none" and folder is None:
        raise InputError(
            f"learner: {config.learner} expects unlabelled clips, by --unlabelled=pool or --unlabelled_dir, got none"
        )
    if config.unlabelled != "none" and folder is not None:
        raise InputError(f"unlabelled_dir: expected nothing beside --unlabelled={config.unlabelled}, got {folder!r}")


def _is_set(options: Options, name: str) -> bool:
    """Whether a flag of unlabelled clips has another value than its default."""
    group = options.command if hasattr(options.command, name) else options.classifier
    return getattr(group, name) != type(group).__dataclass_fields__[name].default


def warn_of_letters(class_names: Sequence[str], console: Console) -> None:
    """Says once which letters of the classes' names the pictures of a training will lack."""
    from gansynth_isa.drawing import lettering

    if warning := lettering(class_names).warning():
        console.line(warning)
