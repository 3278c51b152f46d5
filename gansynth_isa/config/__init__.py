"""Frozen, validated configuration of every part, and its JSON form.

Field names are flag names. `None` means "follows from the rest" and is filled in by `derived.resolve` before
anything is built. Every setting says what it decides; `config.identity` says what follows from that.
"""

from gansynth_isa.config.classifier import (
    AUGMENTATIONS,
    BALANCES,
    BUDGETS,
    CLASSIFIERS,
    DECISIONS,
    METHODS,
    NETWORKS,
    SCHEDULES,
    ClassifierConfig,
)
from gansynth_isa.config.data import DEFAULT_FILE_PATTERN, DataConfig
from gansynth_isa.config.features import DATA_TYPES, LINEAR_DATA_TYPES, NORMALIZERS, FeatureConfig
from gansynth_isa.config.generation import GenerationConfig
from gansynth_isa.config.grid import GridConfig
from gansynth_isa.config.seeds import SeedConfig

__all__ = [
    "AUGMENTATIONS",
    "BALANCES",
    "BUDGETS",
    "CLASSIFIERS",
    "DECISIONS",
    "DATA_TYPES",
    "DEFAULT_FILE_PATTERN",
    "LINEAR_DATA_TYPES",
    "METHODS",
    "NETWORKS",
    "NORMALIZERS",
    "SCHEDULES",
    "ClassifierConfig",
    "DataConfig",
    "FeatureConfig",
    "GenerationConfig",
    "GridConfig",
    "SeedConfig",
]
