"""GANSynth for industrial sound analysis: labelled synthetic log-mel clips from a handful of recordings.

The names in `__all__` are what programs and notebooks use; docs/from_python.md explains them. Each is imported when it
is first asked for, and TensorFlow when one of the functions is called.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gansynth_isa.api.choosing import choose_classifier
    from gansynth_isa.api.classifiers import load_classifier, predict, train_classifier
    from gansynth_isa.api.clips import SplitClips, load_clips
    from gansynth_isa.api.generators import generate_clips, load_generator, read_synthetic, train_generator
    from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
    from gansynth_isa.errors import InputError, TrainingDiverged
    from gansynth_isa.export.answers import Prediction
    from gansynth_isa.export.recording_classifier import RecordingClassifier
    from gansynth_isa.generators.base import TrainedGenerator
    from gansynth_isa.generators.copies.config import CopiesConfig
    from gansynth_isa.generators.diffusion.config import DiffusionConfig
    from gansynth_isa.generators.events.config import EventsConfig
    from gansynth_isa.generators.gansynth.config import GansynthConfig, NetworkConfig, TrainingConfig
    from gansynth_isa.generators.gaussian.config import GaussianConfig
    from gansynth_isa.generators.imported.config import ImportedConfig
    from gansynth_isa.generators.smote.config import SmoteConfig
    from gansynth_isa.generators.transfer.config import TransferConfig

__version__ = "0.1.0"

__all__ = [
    "ClassifierConfig",
    "ClipSet",
    "CopiesConfig",
    "DiffusionConfig",
    "DataConfig",
    "EventsConfig",
    "FeatureConfig",
    "GansynthConfig",
    "GaussianConfig",
    "ImportedConfig",
    "InputError",
    "NetworkConfig",
    "Prediction",
    "RecordingClassifier",
    "SmoteConfig",
    "SplitClips",
    "SyntheticClips",
    "TrainedGenerator",
    "TrainingConfig",
    "TrainingDiverged",
    "TransferConfig",
    "choose_classifier",
    "generate_clips",
    "load_classifier",
    "load_clips",
    "load_generator",
    "predict",
    "read_synthetic",
    "train_classifier",
    "train_generator",
]

_MODULE_OF = {
    "choose_classifier": "api.choosing",
    "load_classifier": "api.classifiers",
    "predict": "api.classifiers",
    "train_classifier": "api.classifiers",
    "SplitClips": "api.clips",
    "load_clips": "api.clips",
    "generate_clips": "api.generators",
    "load_generator": "api.generators",
    "read_synthetic": "api.generators",
    "train_generator": "api.generators",
    "ClassifierConfig": "config",
    "DataConfig": "config",
    "FeatureConfig": "config",
    "NetworkConfig": "generators.gansynth.config",
    "TrainingConfig": "generators.gansynth.config",
    "ClipSet": "data.clip_sets.clip_set",
    "SyntheticClips": "data.clip_sets.synthetic_clips",
    "InputError": "errors",
    "TrainingDiverged": "errors",
    "Prediction": "export.answers",
    "RecordingClassifier": "export.recording_classifier",
    "TrainedGenerator": "generators.base",
    "GansynthConfig": "generators.gansynth.config",
    "GaussianConfig": "generators.gaussian.config",
    "TransferConfig": "generators.transfer.config",
    "SmoteConfig": "generators.smote.config",
    "EventsConfig": "generators.events.config",
    "CopiesConfig": "generators.copies.config",
    "ImportedConfig": "generators.imported.config",
    "DiffusionConfig": "generators.diffusion.config",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
