"""An experiment in its folder: the file that says what it is, and keeps the folder from mixing two of them."""

import dataclasses
import json
import platform
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gansynth_isa.config import ClassifierConfig, GenerationConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.simulation.mark import is_simulated
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import (
    ExperimentConfig,
    experiment_ids,
    lda_id,
    refused_changes,
    settings_id,
    settings_of_candidates,
)
from gansynth_isa.experiments.rows.cells import is_of_lda
from gansynth_isa.experiments.rows.checks import check_places
from gansynth_isa.experiments.rows.choices import candidate_settings
from gansynth_isa.experiments.rows.files import GANS_FILE, RESULTS_FILE, append_row, read_rows
from gansynth_isa.files import check_own_folder, write_json
from gansynth_isa.methods import AUTO

EXPERIMENT_FILE = "grid.json"
OLD_EXPERIMENT_FILE = "experiment.json"  # in folders of version 0.1


@dataclass(frozen=True)
class OpenExperiment:
    """An experiment in its folder.

    Attributes:
      identity: its name, see `config.experiment_ids`, which its rows bear.
      lda_identity: the name that its rows of linear discriminant analysis bear, see `config.lda_id`.
      generator_settings: kind -> what rows of its generators bear, see `config.settings_id`.
      is_simulated: its recordings are simulated, which every row says too: rows are carried elsewhere alone.
    """

    config: ExperimentConfig
    identity: str
    lda_identity: str
    output_dir: Path
    generator_settings: dict[str, str] = field(default_factory=dict)
    is_simulated: bool = False

    def append(self, file_name: str, row: dict) -> None:
        """Appends a row to `results.jsonl` or `gans.jsonl`."""
        identity = self.lda_identity if is_of_lda(row) else self.identity
        names = {"dataset": self.config.data.dataset_name, "experiment": identity}
        append_row(self.output_dir / file_name, names | self._marks() | row)

    def _marks(self) -> dict:
        """What rows say of their experiment where it is not what most are."""
        marks: dict[str, Any] = {"simulated": True} if self.is_simulated else {}
        if class_counts := self.config.data.class_counts:
            marks["clips_of_class"] = class_counts
        if (balance := self.config.classifier.class_balance) != ClassifierConfig.class_balance:
            marks["class_balance"] = balance
        if (learner := self.config.classifier.learner) != ClassifierConfig.learner:
            marks["learner"] = learner
        if (guessed := self.config.generation.guessed_clips) != GenerationConfig.guessed_clips:
            marks["guessed_clips"] = guessed
        if (start := self.config.generation.init_sha256) is not None:
            marks["init_sha256"] = start
        if (weights := self.config.classifier.classifier_init_sha256) is not None:
            marks["classifier_init_sha256"] = weights
        return marks


def open_experiment(config: ExperimentConfig, clips: ClipSet, output_dir: Path) -> OpenExperiment:
    """Writes `grid.json`, after checking that all that is in the folder is of the same experiment.

    Raises:
      InputError: the folder holds an experiment of another configuration or other data, or something else, or cannot
        be written.
    """
    check_experiment_folder(output_dir)
    stored = read_experiment(output_dir) if has_experiment(output_dir) else None
    if stored:
        config = _with_stored_kinds(config, _refuse_another(stored, config, clips, output_dir))
    settings = {kind: settings_id(kind, own) for kind, own in config.generators.items()}
    identities = _identities_of_rows(config, clips, output_dir, settings)
    description = {
        "configuration": config.to_dict(),
        "dataset": config.data.dataset_name,
        "class_names": list(clips.class_names),
        "data": clips.fingerprint(),
        "warnings": list(clips.warnings),
        "versions": package_versions(),
    }
    write_json(output_dir / EXPERIMENT_FILE, description)
    (output_dir / OLD_EXPERIMENT_FILE).unlink(missing_ok=True)
    return OpenExperiment(config, *identities, output_dir, settings, is_simulated(config.data.data_dir))


def check_experiment_folder(output_dir: Path) -> None:
    """Refuses the folder of something else, before anything is written there.

    Raises:
      InputError: names the file that tells what it is.
    """
    if not has_experiment(output_dir):
        check_own_folder(output_dir, "output_dir", EXPERIMENT_FILE, "an experiment")


def has_experiment(experiment_dir: Path) -> bool:
    """Whether a folder says what experiment it holds."""
    return any((experiment_dir / name).exists() for name in (EXPERIMENT_FILE, OLD_EXPERIMENT_FILE))


def read_experiment(experiment_dir: Path) -> dict:
    """The contents of `grid.json`.

    Raises:
      InputError: there is none, or it is damaged.
    """
    path = experiment_dir / EXPERIMENT_FILE
    if not path.exists() and (experiment_dir / OLD_EXPERIMENT_FILE).exists():
        path = experiment_dir / OLD_EXPERIMENT_FILE
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{experiment_dir}: expected an experiment, found no {EXPERIMENT_FILE}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    if not isinstance(description, dict) or not {"configuration", "data"} <= description.keys():
        raise InputError(f"{path}: expected the description of an experiment, got {str(description)[:60]!r}")
    _check_description(path, description)
    return description


def _check_description(path: Path, description: dict) -> None:
    """Refuses parts that are not what reports and experiments take them for: the file may have been edited."""
    configuration, data = description["configuration"], description["data"]
    objects = {"configuration": configuration, "data": data, "versions": description.get("versions", {})}
    if isinstance(configuration, dict):
        read = {"data", "gan", "grid"} & configuration.keys()
        objects |= {f"configuration: {name}": configuration[name] for name in sorted(read)}
    if isinstance(data, dict):
        objects["data: files"] = data.get("files", {})
    for name, value in objects.items():
        if not isinstance(value, dict):
            raise InputError(f"{path}: {name}: expected a JSON object, got {str(value)[:60]!r}")
    class_names = description.get("class_names", [])
    if not isinstance(class_names, list):
        raise InputError(f"{path}: class_names: expected a list, got {str(class_names)[:60]!r}")


def _refuse_another(stored: dict, config: ExperimentConfig, clips: ClipSet, output_dir: Path) -> ExperimentConfig:
    """The stored configuration, if the new one belongs to the same experiment."""
    try:
        old = ExperimentConfig.from_dict(stored["configuration"])
    except InputError as error:
        raise InputError(f"{output_dir / EXPERIMENT_FILE}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{output_dir / EXPERIMENT_FILE}: damaged ({type(error).__name__}: {error})") from error
    changed, data = refused_changes(old, config), clips.fingerprint()
    if not changed and stored["data"] != data:
        changed = _data_changes(stored["data"], data)
    if changed:
        raise InputError(f"{output_dir}: holds another experiment ({'; '.join(changed)}); choose another --output_dir")
    return old


def _with_stored_kinds(config: ExperimentConfig, old: ExperimentConfig) -> ExperimentConfig:
    """The configuration with the settings of kinds that were in the grid before and are not now."""
    return dataclasses.replace(config, generators={**old.generators, **config.generators})


def _identities_of_rows(
    config: ExperimentConfig, clips: ClipSet, output_dir: Path, settings: dict[str, str]
) -> tuple[str, str]:
    """The names that rows of the folder bear, or may bear where there are none: of networks, and of lda.

    Rows of lda in folders of earlier versions bear the name of the others, and go on to.

    Raises:
      InputError: there are rows of another experiment, or of a generator or a candidate with other settings.
    """
    known, of_lda = experiment_ids(config, clips), lda_id(config, clips)
    of_candidates = settings_of_candidates(config) if config.grid.chooses else {}
    found: dict[bool, str] = {}
    for name in (RESULTS_FILE, GANS_FILE):
        rows = read_rows(output_dir / name)
        check_places(output_dir / name, rows, are_results=name == RESULTS_FILE)
        for row in rows:
            _check_row(output_dir / name, row, (*known, of_lda) if is_of_lda(row) else known, settings)
            _check_candidates(output_dir / name, row, of_candidates)
            found.setdefault(is_of_lda(row), row["experiment"])
    former = found.get(True) if found.get(True) in known else None
    return found.get(False) or former or known[0], found.get(True, of_lda)


def _check_row(path: Path, row: dict, known: tuple[str, ...], settings: dict[str, str]) -> None:
    if row.get("experiment") not in known:
        raise InputError(
            f"{path}: holds results of another configuration or other data (experiment {row.get('experiment')}, "
            f"expected {known[0]}); choose another --output_dir"
        )
    kind, own = row.get("generator"), row.get("generator_settings")
    if kind in settings and own is not None and own != settings[kind]:
        raise InputError(f"{path}: holds results of a {kind} with other settings; choose another --output_dir")


def _check_candidates(path: Path, row: dict, settings: dict[str, str]) -> None:
    if settings and row.get("method") == AUTO and AUTO not in candidate_settings(row):
        raise InputError(
            f"{path}: holds results of {AUTO} that do not tell what it weighed; choose another --output_dir"
        )
    for kind, own in candidate_settings(row).items():
        if settings.get(kind, own) != own:
            whose = "itself" if kind == AUTO else f"its candidate {kind}"
            raise InputError(
                f"{path}: holds results of {row.get('method')} with other settings of {whose}; "
                "choose another --output_dir"
            )


def _data_changes(old: dict, new: dict) -> list[str]:
    before, after = dict(old.get("files", {})), dict(new["files"])
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if not changed:
        return ["data: other clips of the same files"]
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return [f"data: {changed[0]}{more} added, removed or changed"]


def package_versions() -> dict[str, str]:
    """Versions of what decides the numbers."""
    names = ("gansynth_isa", "tensorflow", "keras", "numpy")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
