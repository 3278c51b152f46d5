"""A kind of generator that the package does not know: clips are training clips of the class, a little louder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.generators.base import GeneratorKind, TrainedGenerator
from gansynth_isa.generators.fitted import FittedDescription, fit_in_folder, fitted_arrays
from gansynth_isa.runs.checkpoints import arrays_sha256
from gansynth_isa.validation import Decides, Validated, setting


@dataclass(frozen=True)
class ToyConfig(Validated):
    """Training clips of the class, a little louder."""

    toy_gain: float = setting(0.5, "what is added to the natural logarithm of power", Decides.TRAINING)


@dataclass(frozen=True)
class ToyDescription(FittedDescription):
    kind = "toy"
    config_class = ToyConfig
    noun = "a toy"


class TrainedToy(TrainedGenerator):
    def __init__(self, description: ToyDescription, arrays: dict[str, np.ndarray]):
        self.provenance = description.provenance(arrays_sha256(arrays), {})
        self._clips, self._labels, self._gain = arrays["clips"], arrays["labels"], description.config.toy_gain

    def clips(self, labels, seed, first=0):
        made = [np.empty((0, *self.provenance.features.shape), np.float32)]
        for number, label in enumerate(labels, start=first):
            own = self._clips[self._labels == label]
            made.append(own[[(number + seed) % len(own)]] + np.float32(self._gain))
        return np.concatenate(made)

    def summary(self):
        return "A toy that repeats training clips"


class ToyKind(GeneratorKind):
    name, title, config_class = "toy", "Toy", ToyConfig

    def plan(self, config, features):
        return [f"toy: training clips, {config.toy_gain:g} louder"]

    def fit(self, config, training, seed, folder, surroundings):
        def fit():
            arrays = {"clips": np.asarray(training.clips.spectrograms), "labels": training.clips.labels}
            return arrays, [f"{folder}: copied {len(training.clips)} clips"]

        fit_in_folder(ToyDescription.of(config, seed, training), folder, surroundings, fit)

    def load(self, folder, warn, for_export=False):
        return TrainedToy(ToyDescription.in_folder(folder), fitted_arrays(Path(folder), warn))

    def class_names(self, folder):
        return ToyDescription.in_folder(folder).class_names
