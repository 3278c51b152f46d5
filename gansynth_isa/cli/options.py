"""Flags, presets and `--hparams` to one frozen, validated set of options.

Precedence: the defaults, then the preset of `--dataset=mb|pucks`, then `--hparams` and flags.
"""

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gansynth_isa.cli.flag_parsing import define_flags, given_directly, help_text, parse_command_line
from gansynth_isa.cli.presets import PRESETS
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GenerationConfig, GridConfig, SeedConfig
from gansynth_isa.errors import InputError, nearest
from gansynth_isa.export.formats import EXPORT_FORMATS
from gansynth_isa.generators.registry import DEFAULT_KIND, kind_named, kinds
from gansynth_isa.validation import Decides, Validated, from_flags, groups_of, setting, todays_value

LOGS_DIR = Path("tensorboard_logs")


@dataclass(frozen=True)
class CommandConfig(Validated):
    """Folders, devices and other things of the commands."""

    generator: str = setting(
        DEFAULT_KIND,
        "kind of generator to train (gansynth_isa_train): gansynth (the progressive GAN), gaussian, transfer, smote, "
        "events, copies, diffusion, wavegan, specgan or imported",
        Decides.TRAINING,
    )
    train_root_dir: str | None = setting(
        None, "folder of a generator's training; default: tensorboard_logs/<dataset name>", Decides.PLACE
    )
    output_dir: str | None = setting(None, "folder that the command writes to", Decides.PLACE)
    input_dir: str | None = setting(
        None, "folder of sound files to import, a folder per class (gansynth_isa_import)", Decides.PLACE
    )
    source: str | None = setting(
        None, "what made the sound files to import, in words (gansynth_isa_import)", Decides.OUTPUT
    )
    feature_cache_dir: str | None = setting(
        str(LOGS_DIR / "feature_cache"),
        "folder that keeps computed features; empty: compute them every time",
        Decides.PLACE,
    )
    picture: str | None = setting(
        None, "PNG file for log-mel spectrograms of random clips (gansynth_isa_inspect)", Decides.OUTPUT
    )
    synthetic_dir: str | None = setting(
        None, "folder of synthetic clips, from gansynth_isa_generate or _import", Decides.PLACE
    )
    unlabelled_dir: str | None = setting(
        None,
        "folder of recordings without labels for --learner (gansynth_isa_classify); names and folders do not count",
        Decides.PLACE,
    )
    experiment_dir: str | None = setting(None, "folder of an experiment, to report on", Decides.PLACE)
    other_experiments: tuple[str, ...] = setting(
        (),
        "folders of experiments in which other classes are scarce, which a report counts together with the first",
        Decides.PLACE,
    )
    paper_set: str | None = setting(
        None,
        "whose statements in the paper a report tests; default: follows from the data set's name and layout",
        Decides.OUTPUT,
        choices=("mb", "pucks"),
    )
    simulated: bool = setting(
        False,
        "the recordings are simulated; results of gansynth_isa_simulate's folders and names simulated_... say so too",
        Decides.OUTPUT,
    )
    wav: bool = setting(
        False, "write the clips as WAV too, in wav/ beside the shards (gansynth_isa_generate)", Decides.OUTPUT
    )
    classes: tuple[str, ...] = setting((), "names of the classes to generate; default: all", Decides.OUTPUT)
    classifier_dir: str | None = setting(
        None, "folder of a classifier, from gansynth_isa_classify, to export", Decides.PLACE
    )
    export_dir: str | None = setting(None, "folder to write the exported model to, new or empty", Decides.PLACE)
    format: str = setting("saved_model", "form of the exported model", Decides.OUTPUT, choices=EXPORT_FORMATS)
    model: str | None = setting(
        None, "folder of a trained or exported classifier, or a .tflite file in one", Decides.PLACE
    )
    follow: bool = setting(False, "a line per clip over time too (gansynth_isa_predict)", Decides.OUTPUT)
    json: bool = setting(False, "print JSON (gansynth_isa_predict)", Decides.OUTPUT)
    files_per_class: int | None = setting(
        None, "simulated training files per class; default: as in the data set", Decides.OUTPUT, minimum=1
    )
    strategy: str = setting(
        "none",
        "devices that share a training: one, all of this machine (mirrored), or of all in TF_CONFIG (multi_worker)",
        Decides.SPEED,
        choices=("none", "mirrored", "multi_worker"),
    )
    jobs: int = setting(
        1, "processes that an experiment's generators and classifiers are shared among", Decides.SPEED, minimum=1
    )
    ray_address: str | None = setting(
        None,
        "Ray cluster that does an experiment's generators and classifiers: host:port of its head, or auto",
        Decides.SPEED,
    )
    task_cpus: int = setting(1, "CPUs of each generator and classifier on a Ray cluster", Decides.SPEED, minimum=1)
    task_gpus: float = setting(
        0.0, "GPUs, or the share of one, of each generator and classifier on a cluster", Decides.SPEED, minimum=0.0
    )
    dry_run: bool = setting(False, "resolve and check the settings, print the plan, stop", Decides.OUTPUT)
    hparams: str | None = setting(
        None, "settings as a JSON object of flag names, e.g. '{\"fmap_max\": 64}'", Decides.PLACE
    )


COMMON_SETTINGS = (SeedConfig, DataConfig, FeatureConfig, ClassifierConfig, GridConfig, GenerationConfig)


def generator_settings() -> tuple[type, ...]:
    """The groups of settings of all kinds of generators."""
    return tuple(group for kind in kinds().values() for group in groups_of(kind.config_class))


def setting_groups() -> tuple[type, ...]:
    """All groups of settings that `--hparams` may name."""
    return (*COMMON_SETTINGS, *generator_settings())


def flag_groups() -> tuple[type, ...]:
    """All groups whose settings are flags."""
    return (CommandConfig, *setting_groups())


@dataclass(frozen=True)
class Options:
    """Everything a command may ask for; each uses its part.

    Attributes:
      generators: kind -> its settings, with what follows from the rest still open.
    """

    command: CommandConfig
    seeds: SeedConfig
    data: DataConfig
    features: FeatureConfig
    classifier: ClassifierConfig
    grid: GridConfig
    generation: GenerationConfig
    generators: Mapping[str, Any]
    files: tuple[str, ...] = ()

    def train_root_dir(self) -> Path:
        """Folder of the generator's training.

        Raises:
          InputError: neither it nor anything that names the data set was given.
        """
        if self.command.train_root_dir:
            return Path(self.command.train_root_dir)
        name = self.data.dataset_name or (self.data.data_dir and Path(self.data.data_dir).resolve().name)
        if not name and self.data.dataset in PRESETS:
            name = self.data.dataset
        if not name:
            raise InputError("train_root_dir: expected the folder of a generator's training, got nothing")
        return LOGS_DIR / name

    def required_dir(self, name: str, meaning: str) -> Path:
        """The folder given as flag `name` of the command or the data, or an `InputError` that asks for it."""
        value = self.data.data_dir if name == "data_dir" else getattr(self.command, name)
        if not value:
            raise InputError(f"{name}: expected {meaning}, got nothing")
        return Path(value)


def parse_options(
    argv: Sequence[str], description: str, takes_files: bool = False, shown: frozenset[str] | None = None
) -> Options:
    """The options that a command line asks for; `--help` prints the usage and leaves with status 0.

    Args:
      argv: program name and arguments.
      description: what the command does, for `--help`.
      takes_files: arguments that are no flags are files; otherwise they are refused.
      shown: the flags that `--help` shows, see `command_flags.flags_of`; default: all.

    Raises:
      InputError: wrong usage, or a value of the wrong type or out of range.
    """
    groups = flag_groups()
    values = define_flags(groups)
    given = parse_command_line(values, argv, takes_files)
    if given.pop("help", False):
        program = Path(argv[0]).name + " FILE..." * takes_files
        sys.stdout.write(help_text(values, groups, program, description, shown))
        raise SystemExit(0)
    given.pop("flagfile", None)
    hparams = _read_hparams(given.get("hparams"))
    preset = PRESETS.get(str(hparams.get("dataset", given.get("dataset"))), {})
    _refuse_conflicts(given, hparams, preset, given_directly(argv))
    return build_options({**preset, **given, **hparams})


def build_options(values: dict) -> Options:
    """Options from {setting: value}; `trial_seed` follows `seed`, `subset_seeds` `subset_seed`, unless given.

    Raises:
      InputError: a value of the wrong type or out of range.
    """
    if "seed" in values:
        values = {"trial_seed": values["seed"], **values}
    if "subset_seed" in values:
        values = {"subset_seeds": (values["subset_seed"],), **values}
    common: dict[type, Any] = {group: from_flags(group, values) for group in (CommandConfig, *COMMON_SETTINGS)}
    _check_kinds(common[CommandConfig], common[GridConfig])
    return Options(
        command=common[CommandConfig],
        seeds=common[SeedConfig],
        data=common[DataConfig],
        features=common[FeatureConfig],
        classifier=common[ClassifierConfig],
        grid=common[GridConfig],
        generation=common[GenerationConfig],
        generators={name: from_flags(kind.config_class, values) for name, kind in kinds().items()},
        files=values.get("files", ()),
    )


def _check_kinds(command: CommandConfig, grid: GridConfig) -> None:
    """Refuses kinds that are not there; the configuration does not know which are."""
    kind_named(command.generator)
    for name in grid.generators:
        kind_named(name, "generators")


def _read_hparams(text: str | None) -> dict:
    """The settings in `--hparams`, their names checked."""
    if not text:
        return {}
    try:
        settings = json.loads(text, object_pairs_hook=_unique_pairs)
    except json.JSONDecodeError as error:
        raise InputError(f"hparams: expected a JSON object, got {text!r} ({error})") from None
    if not isinstance(settings, dict):
        raise InputError(f"hparams: expected a JSON object, got {text!r}")
    known = {item.name: item.metadata for group in setting_groups() for item in dataclasses.fields(group)}
    for name in settings:
        if name not in known:
            raise InputError(f"hparams: {name}: no such setting{nearest(name, sorted(known))}")
    return {name: todays_value(value, known[name]) for name, value in settings.items()}


def _unique_pairs(pairs: list) -> dict:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"hparams: {name}: expected once, got {names.count(name)} times")
    return dict(pairs)


def _refuse_conflicts(given: dict, hparams: dict, preset: dict, direct: set[str]) -> None:
    """A setting in both places must agree; a published flagfile that restates the preset is no contradiction."""
    for name, value in hparams.items():
        value = tuple(value) if isinstance(value, list) else value
        if name not in given:
            continue
        flag = given[name]
        restates_preset = name not in direct and name in preset and preset[name] == flag
        if flag != value and not restates_preset:
            raise InputError(f"{name}: expected one value, got {flag!r} as a flag and {value!r} in --hparams")
