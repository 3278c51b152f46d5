"""The folder of a trained classifier: model.keras and, written last, result.json."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from gansynth_isa.classifiers.classifier import NetworkClassifier, is_standardised, standardised_model
from gansynth_isa.classifiers.files import (
    FOLDER_MEANING,
    FORMAT_VERSION,
    MODEL_FILE,
    MODEL_SHA256,
    RESULT_FILE,
    check_model_of,
    check_version,
    load_model_of,
    read_json,
)
from gansynth_isa.classifiers.former_settings import completed, former_decision
from gansynth_isa.classifiers.starting import SEEN
from gansynth_isa.classifiers.stored_result import check_result
from gansynth_isa.classifiers.training import TrainedClassifier
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.classifier import unused_settings
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.config.identity import FREE_IN_CLASSIFIER, free_names
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticClips
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips
from gansynth_isa.derived import check_resolved
from gansynth_isa.errors import InputError
from gansynth_isa.files import check_own_folder, write_json, writing
from gansynth_isa.spectral.standardisation import Standardisation
from gansynth_isa.validation import from_dict, to_dict

STANDARDISATION_FILE = "standardisation.json"  # of earlier versions, whose models took standardised clips

CLIP_SOURCES = ("train", "test", "synthetic", "unlabelled")
FREE_SETTINGS = frozenset().union(
    *(free_names(group, FREE_IN_CLASSIFIER) for group in (ClassifierConfig, DataConfig, FeatureConfig))
)

# What is asked of a result later: by model cards, and by whoever reads one.
RESULT_NAMES = ("accuracy", "accuracy_per_clip", "accuracy_per_file", "recall", "counts", "steps", "configuration")


@dataclass(frozen=True)
class StoredClassifier:
    """A classifier, the result of its test, how its recordings are cut, and how their features are made.

    `config` says how it was trained; settings that there were not yet at that time have their defaults.
    """

    network: NetworkClassifier
    result: dict
    data: DataConfig
    features: FeatureConfig
    config: ClassifierConfig

    @property
    def class_names(self) -> tuple[str, ...]:
        """In the order of the probabilities."""
        return self.network.class_names


@dataclass(frozen=True)
class Sources:
    """What a classifier is made from and tested on.

    Attributes:
      train, test: SHA-256 of both sides, see `ClipSet.fingerprint`.
      test_recordings: sorted paths.
      synthetic: SHA-256 of what the metadata of the synthetic clips say, None without any.
      unlabelled: SHA-256 of the unlabelled clips, see `UnlabelledClips.fingerprint`; None without any.
    """

    train: str
    test: str
    test_recordings: tuple[str, ...]
    synthetic: str | None
    unlabelled: str | None = None

    @classmethod
    def of(
        cls,
        train: ClipSet,
        test: ClipSet,
        synthetic: SyntheticClips | None,
        unlabelled: UnlabelledClips | None = None,
    ) -> "Sources":
        """The sources of a classifier that is trained on these."""
        digest = None
        if synthetic is not None:
            digest = _digest(synthetic.metadata)
        recordings = tuple(sorted(set(test.recordings)))
        others = None if unlabelled is None else unlabelled.fingerprint()
        return cls(train.fingerprint()["sha256"], test.fingerprint()["sha256"], recordings, digest, others)


def is_finished(
    folder: Path, config: ClassifierConfig, data: DataConfig, features: FeatureConfig, sources: Sources
) -> bool:
    """Whether the folder holds the classifier of these settings and sources; an unfinished one is none.

    One whose model is gone is unfinished too, and can be trained again. Settings that the method's learner does not
    use may differ.

    Raises:
      InputError: it holds another one, a damaged one, or something else.
    """
    if not (folder / RESULT_FILE).exists():
        check_own_folder(folder, "output_dir", RESULT_FILE, "a classifier")
        return False
    result = read_json(folder / RESULT_FILE, FOLDER_MEANING)
    check_version(folder / RESULT_FILE, result)
    try:
        check_result(result)
        old = [
            completed(result["configuration"], result["data"].get("dataset", DataConfig.dataset)),
            _with_defaults(DataConfig, result["data"]),
            _with_defaults(FeatureConfig, result["features"]),
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{folder / RESULT_FILE}: damaged ({type(error).__name__}: {error})") from error
    new = [to_dict(config), to_dict(data), to_dict(features)]
    free = FREE_SETTINGS | unused_settings(config.method)
    changes = [
        f"{name}: {before.get(name)} -> {after[name]}"
        for before, after in zip(old, new, strict=True)
        for name in after
        if before.get(name) != after[name] and name not in free
    ]
    made_from = result.get("sources", {})
    changes += [f"{name} clips: others" for name in CLIP_SOURCES if made_from.get(name) != getattr(sources, name)]
    if changes:
        raise InputError(f"{folder}: holds another classifier ({'; '.join(changes)}); choose another --output_dir")
    check_model_of(folder, result)
    return (folder / MODEL_FILE).is_file()


def _with_defaults(kind: type, stored: dict) -> dict:
    """Stored settings, completed: one that there was not yet when they were written had its default's effect."""
    return {**to_dict(kind()), **stored}


def write_classifier(
    folder: Path, trained: TrainedClassifier, data: DataConfig, features: FeatureConfig, sources: Sources
) -> None:
    """Writes the model and, last of all, the result; each file appears whole or not at all.

    A result that is there goes first: it belongs to another model.

    Raises:
      TypeError: the classifier is no network, which alone has a Keras file.
      InputError: the folder cannot be written.
    """
    if not isinstance(trained.classifier, NetworkClassifier):
        raise TypeError(f"trained: expected a NetworkClassifier, got {type(trained.classifier).__name__}")
    unfinished = folder / "model.unfinished.keras"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            trained.classifier.model.save(unfinished)
            digest = hashlib.sha256(unfinished.read_bytes()).hexdigest()
            (folder / RESULT_FILE).unlink(missing_ok=True)
            unfinished.replace(folder / MODEL_FILE)
        finally:
            unfinished.unlink(missing_ok=True)
    about = {
        "format_version": FORMAT_VERSION,
        MODEL_SHA256: digest,
        "class_names": list(trained.class_names),
        "num_test_files": len(sources.test_recordings),
        SEEN: sorted(trained.seen),
        "sources": dataclasses.asdict(sources),
        "data": to_dict(data),
        "features": to_dict(features),
    }
    write_json(folder / RESULT_FILE, {**trained.result, **about})


def read_classifier(folder: Path) -> StoredClassifier:
    """The classifier that `write_classifier` wrote, in this version or an earlier one.

    Raises:
      InputError: no classifier in this folder, or one that is damaged, unsafe or of another version.
    """
    result = read_json(folder / RESULT_FILE, FOLDER_MEANING)
    check_version(folder / RESULT_FILE, result)
    try:
        check_result(result)
        data, features = from_dict(DataConfig, result["data"]), from_dict(FeatureConfig, result["features"])
        check_resolved(data, features)
        config = from_dict(ClassifierConfig, completed(result["configuration"], data.dataset))
        class_names = tuple(result["class_names"])
        missing = [name for name in RESULT_NAMES if name not in result]
        if missing:
            raise KeyError(missing[0])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{folder}: the classifier's files are damaged ({type(error).__name__}: {error})") from error
    model = load_model_of(folder, result)
    shape, num_classes = tuple(model.input_shape[1:]), model.output_shape[-1]
    wanted = (1, *shape[1:2], 1) if config.classifier == EMBEDDING else features.shape
    if shape != wanted or num_classes != len(class_names):
        raise InputError(
            f"{folder / MODEL_FILE}: expected a model of clips {wanted} and {len(class_names)} classes, "
            f"got {shape} and {num_classes}"
        )
    if not is_standardised(model):
        model = standardised_model(_read_standardisation(folder, result, features), model)
    result = {"decide_per": former_decision(data.dataset), **result}
    return StoredClassifier(NetworkClassifier(model, class_names), result, data, features, config)


def _read_standardisation(folder: Path, result: dict, features: FeatureConfig) -> Standardisation:
    """What earlier versions wrote beside their models: mean and deviation, and their checksum in the result."""
    path = folder / STANDARDISATION_FILE
    values = read_json(path, FOLDER_MEANING)
    # The oldest results have no checksum.
    if result.get("standardisation_sha256", _digest(values)) != _digest(values):
        raise InputError(f"{path}: damaged (its checksum differs from {RESULT_FILE})")
    try:
        standardise = Standardisation.from_config({name: values[name] for name in ("mean", "std")})
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: damaged ({type(error).__name__}: {error})") from error
    if standardise.mean.shape != features.shape[1:]:
        raise InputError(f"{path}: expected values of {features.shape[1:]}, got {standardise.mean.shape}")
    return standardise


def _digest(values: dict) -> str:
    """SHA-256 of a JSON object, whatever its spaces and the order of its names."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
