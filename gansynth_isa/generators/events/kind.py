"""The kind `events`: impacts cut out of clips, learnt, and placed anew over backgrounds without any."""

from collections.abc import Callable, Mapping
from pathlib import Path

from gansynth_isa.config import FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import GeneratorKind, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.events.config import EventsConfig


class EventsKind(GeneratorKind):
    """Impacts of a class at times and levels of its clips."""

    name = "events"
    title = "events"
    config_class = EventsConfig

    def __init__(self, parts: Mapping[str, GeneratorKind]):
        """`parts`: kinds by name that backgrounds and impacts are made by, each in a folder of the training's own."""
        self._parts = parts

    def resolve(self, config: EventsConfig, features: FeatureConfig) -> EventsConfig:
        if features.data_type != "log_mel":
            raise InputError(
                f"data_type: expected log_mel for the generator events, which adds up power, got {features.data_type}"
            )
        return config

    def plan(self, config: EventsConfig, features: FeatureConfig) -> list[str]:
        shape = ", ".join(map(str, features.shape))
        length, threshold = config.events_length_ms, config.events_threshold_db
        found = "what stands out of the clips" if threshold is None else f"{threshold:g} dB"
        lasting = "until they have died away" if length is None else f"of {length:g} ms"
        background = self._parts[config.events_background]
        return [
            f"events: clips of shape ({shape}), impacts {lasting}, found by rises of power by more than {found}, made "
            f"anew by {config.events_impacts}; over backgrounds that are fitted first, at once:",
            *background.plan(background.resolve(background.config_class(), features), features),
        ]

    def fit(
        self, config: EventsConfig, training: TrainingData, seed: int, folder: Path, surroundings: Surroundings
    ) -> None:
        from gansynth_isa.generators.events.fitting import fit_events_in_folder

        fit_events_in_folder(config, training, seed, folder, surroundings, self._parts)

    def load(self, folder: Path, warn: Callable[[str], None], for_export: bool = False) -> TrainedGenerator:
        from gansynth_isa.generators.events.trained import load_events

        return load_events(folder, warn, self._parts)

    def class_names(self, folder: Path) -> tuple[str, ...]:
        from gansynth_isa.generators.events.trained import EventsDescription

        return EventsDescription.in_folder(folder).class_names
