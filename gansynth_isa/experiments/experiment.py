"""What an experiment is: its configuration, and the file that keeps a folder from mixing two of them."""

import dataclasses
import hashlib
import json
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from gansynth_isa.classifiers.former_settings import as_hashed, completed
from gansynth_isa.config import ClassifierConfig, DataConfig, GanConfig, GridConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.simulation.mark import is_simulated
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, append_row, check_rows
from gansynth_isa.files import write_json
from gansynth_isa.validation import Validated, differences, from_dict, to_dict

EXPERIMENT_FILE = "experiment.json"


@dataclass(frozen=True)
class ExperimentConfig(Validated):
    """All that decides the outcome of an experiment; `gan` is resolved."""

    gan: GanConfig = field(default_factory=GanConfig)
    classifier: ClassifierConfig = field(default_factory=ClassifierConfig)
    grid: GridConfig = field(default_factory=GridConfig)

    def identity(self) -> "ExperimentConfig":
        """The part that all rows of one folder share.

        More levels, methods, subsets, GANs or trials may be added to a folder later, and the recordings
        may have moved.
        """
        data = dataclasses.replace(
            self.gan.data,
            data_dir=None,
            dataset_name=None,
            manifest=None,
            skip_bad_files=DataConfig.skip_bad_files,
            clips_per_class=None,
            subset_seed=DataConfig.subset_seed,
        )
        grid = GridConfig(folds=self.grid.folds, samples_per_class=self.grid.samples_per_class)
        return ExperimentConfig(
            gan=dataclasses.replace(self.gan, data=data),
            classifier=dataclasses.replace(self.classifier, method=ClassifierConfig.method),
            grid=grid,
        )


# What `experiment_id` tells settings from: never changed, so that published results keep their names.
_REFERENCE = ExperimentConfig(classifier=ClassifierConfig(classifier_steps=600))


@dataclass(frozen=True)
class OpenExperiment:
    """An experiment in its folder.

    Attributes:
      identity: its `experiment_id`, which every row bears.
      is_simulated: its recordings are simulated, which every row says too: rows are carried elsewhere alone.
    """

    config: ExperimentConfig
    identity: str
    output_dir: Path
    is_simulated: bool = False

    def append(self, file_name: str, row: dict) -> None:
        """Appends a row to `results.jsonl` or `gans.jsonl`."""
        names = {"dataset": self.config.gan.data.dataset_name, "experiment": self.identity}
        mark = {"simulated": True} if self.is_simulated else {}
        append_row(self.output_dir / file_name, names | mark | row)


def open_experiment(config: ExperimentConfig, clips: ClipSet, output_dir: Path) -> OpenExperiment:
    """Writes `experiment.json`, after checking that all that is in the folder is of the same experiment.

    Raises:
      InputError: the folder holds an experiment of another configuration or other data, or cannot be written.
    """
    identity = experiment_id(config, clips)
    path = output_dir / EXPERIMENT_FILE
    description = {
        "configuration": to_dict(config),
        "dataset": config.gan.data.dataset_name,
        "class_names": list(clips.class_names),
        "data": clips.fingerprint(),
        "versions": package_versions(),
    }
    if path.exists():
        _refuse_another(read_experiment(output_dir), description, config, path)
    for name in (RESULTS_FILE, GANS_FILE):
        check_rows(output_dir / name, identity)
    write_json(path, description)
    return OpenExperiment(config, identity, output_dir, is_simulated(config.gan.data.data_dir))


def experiment_id(config: ExperimentConfig, clips: ClipSet) -> str:
    """Twelve hexadecimal digits that rows of one experiment share, so that rows alone can be carried elsewhere.

    Made of the data and of the settings that are not those of a reference: a new setting changes no old experiment.
    """
    settings = as_hashed(differences(_REFERENCE, config.identity()), config.classifier, config.gan.data.dataset)
    return hashlib.sha256(json.dumps([settings, clips.fingerprint()["sha256"]]).encode()).hexdigest()[:12]


def read_experiment(experiment_dir: Path) -> dict:
    """The contents of `experiment.json`.

    Raises:
      InputError: there is none, or it is damaged.
    """
    path = experiment_dir / EXPERIMENT_FILE
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{experiment_dir}: expected an experiment, found no {EXPERIMENT_FILE}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    if not isinstance(description, dict) or not {"configuration", "data"} <= description.keys():
        raise InputError(f"{path}: expected the description of an experiment, got {str(description)[:60]!r}")
    return description


def stored_config(description: dict) -> ExperimentConfig:
    """The configuration in `experiment.json`, where an earlier version wrote it with the effect that it had.

    Args:
      description: from `read_experiment`.

    Raises:
      InputError: settings that this version does not know.
    """
    stored = description["configuration"]
    dataset = stored.get("gan", {}).get("data", {}).get("dataset", DataConfig.dataset)
    return from_dict(ExperimentConfig, {**stored, "classifier": completed(stored.get("classifier", {}), dataset)})


def _refuse_another(stored: dict, new: dict, config: ExperimentConfig, path: Path) -> None:
    old = stored_config(stored)
    changes = differences(old.identity(), config.identity())
    if not changes and stored["data"] != new["data"]:
        changes = _data_changes(stored["data"], new["data"])
    if changes:
        raise InputError(f"{path.parent}: holds another experiment ({'; '.join(changes)}); choose another --output_dir")


def _data_changes(old: dict, new: dict) -> list[str]:
    before, after = dict(old["files"]), dict(new["files"])
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if not changed:
        return ["data: other clips of the same files"]
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return [f"data: {changed[0]}{more} added, removed or changed"]


def package_versions() -> dict[str, str]:
    """Versions of what decides the numbers."""
    names = ("gansynth_isa", "tensorflow", "keras", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
