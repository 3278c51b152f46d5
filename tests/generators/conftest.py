"""What kinds of generators learn from, and settings with which they do so in seconds."""

import io

import pytest

from gansynth_isa.console import Console
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.gansynth.config import GansynthConfig


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
