"""Which flags each command uses: what its `--help` and its page in docs/commands show.

Every command accepts all flags, so that one flagfile fits all; those of others change nothing.
"""

import dataclasses

from gansynth_isa.cli.options import generator_settings
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GenerationConfig, GridConfig
from gansynth_isa.config.classifier import used_by_choice
from gansynth_isa.config.identity import setting_names
from gansynth_isa.validation import Decides


def _names(*groups: type, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Names of all fields of the groups but for some."""
    return tuple(item.name for group in groups for item in dataclasses.fields(group) if item.name not in without)


_FEATURES = setting_names(FeatureConfig, Decides.CLIPS)  # without the normaliser, which generators alone use
_CLIPS = (*_names(DataConfig), *_FEATURES, "feature_cache_dir")
_RUN_FOLDER = ("train_root_dir", "dataset", "dataset_name", "data_dir")  # the last three make its default
_GENERATORS = (*_names(*generator_settings()), "seed")
_CLASSIFIER_OF_REAL_CLIPS = _names(
    ClassifierConfig,
    without=(
        *("method", "real_share", "augmentation", "augmentation_probability", "mixup_alpha", "decide_per"),
        *("synthetic_use", "synthetic_steps_share", "synthetic_weight", "synthetic_statistics", "augmented_clips"),
        *(*used_by_choice(), "learner", "classifier_init_from", "classifier_init_sha256"),
        *(name for name in _names(ClassifierConfig) if name.startswith(("embedding_", "unlabelled"))),
        "trial_seed",
    ),
)

_USED: dict[str, tuple[str, ...]] = {
    "train": (
        *("generator", "train_root_dir", "init_from", "strategy", "guessed_clips", "unlabelled_dir"),
        *("feature_cache_dir", "dry_run"),
        *_names(DataConfig, FeatureConfig),
        *_GENERATORS,
    ),
    "generate": (
        *_RUN_FOLDER,
        *("output_dir", "wav", "classes", "samples_per_class", "seed", "manifest", "feature_cache_dir", "dry_run"),
        *_names(GenerationConfig, without=("guessed_clips", "init_from", "init_sha256")),
    ),
    "import": ("input_dir", "output_dir", "source", "dry_run", *_CLIPS),
    "classify": (
        *("output_dir", "synthetic_dir", "unlabelled_dir", "samples_per_class", "seed", "dry_run"),
        *_CLIPS,
        *_names(ClassifierConfig),
        *(*_names(FeatureConfig), *_GENERATORS),  # of --method=auto, which trains generators
    ),
    "evaluate": (
        *("synthetic_dir", "output_dir", "instrument_trials", "seed", "trial_seed", "dry_run"),
        *_CLIPS,
        *_CLASSIFIER_OF_REAL_CLIPS,
    ),
    "experiment": (
        *("output_dir", "feature_cache_dir", "jobs", "ray_address", "task_cpus", "task_gpus", "dry_run"),
        *_names(DataConfig, without=("clips_per_class",)),
        *_names(FeatureConfig),
        *_GENERATORS,
        *_names(ClassifierConfig, without=("method",)),
        *_names(GridConfig),
        *_names(GenerationConfig),
    ),
    "report": ("experiment_dir", "other_experiments", "output_dir", "paper_set", "simulated", "dry_run"),
    "inspect": (*_names(DataConfig), *_FEATURES, "picture", "seed"),
    "export": (
        *("export_dir", "train_root_dir", "classifier_dir", "format"),
        *setting_names(DataConfig, Decides.PLACE),
        *("feature_cache_dir", "dry_run"),
    ),
    "predict": ("model", "embedding_model", "follow", "json", "dry_run"),
    "simulate": ("dataset", "data_dir", "files_per_class", "seed", "dry_run"),
}
COMMANDS = tuple(_USED)
_MODULES = {"import": "import_clips"}  # of commands whose name no module can have


def module_of(command: str) -> str:
    """Name of the module of a command, to be imported."""
    return f"gansynth_isa.cli.{_MODULES.get(command, command)}"


def flags_of(command: str) -> frozenset[str]:
    """Names of the flags that a command uses, `--hparams` included."""
    return frozenset(_USED[command]) | {"hparams"}
