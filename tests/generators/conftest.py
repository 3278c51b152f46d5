"""Kinds of generators, one of which the package does not know, and what they learn from."""

import importlib.util
import io
from pathlib import Path

import pytest

from gansynth_isa.console import Console
from gansynth_isa.generators import registry
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.gansynth.config import GansynthConfig


def toy_module():
    """The module `toy_kind` of this folder; tests are no package."""
    spec = importlib.util.spec_from_file_location("toy_kind", Path(__file__).with_name("toy_kind.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def toy():
    """The toy kind, known while the tests of a module run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_registered", dict(registry._registered))
        kind = toy_module().ToyKind()
        registry.register(kind)
        yield kind


@pytest.fixture(scope="session")
def training(tiny_config, tiny_clips) -> TrainingData:
    """Six clips of two classes."""
    return TrainingData(tiny_clips, tiny_config.data, tiny_config.features)


@pytest.fixture(scope="session")
def settings_of(tiny_config):
    """Gives settings of a kind with which it trains in seconds."""

    def settings(kind):
        if kind.name == "gansynth":
            return GansynthConfig(tiny_config.network, tiny_config.training)
        return kind.resolve(kind.config_class(), tiny_config.features)

    return settings


@pytest.fixture(scope="session")
def surroundings():
    """A console that nobody sees."""
    return Surroundings(Console(io.StringIO()), show_reports=False)
