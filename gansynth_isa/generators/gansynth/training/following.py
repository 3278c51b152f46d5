"""A worker that is not the chief: it trains along, and writes nothing.

It hears from the chief what the run is about, and whether it is finished. Then both go the same way through
`ProgressiveTraining`: the first stage, in each stage the state, and for every call of the graph the number of steps
and whether somebody was asked to stop.
"""

import contextlib
import json
from collections.abc import Iterator

import numpy as np

from gansynth_isa.config.identity import FREE_AMONG_WORKERS, changes
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.pipeline import Images
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.stages import Stage
from gansynth_isa.generators.gansynth.training.progressive import Attendance, ProgressiveTraining
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.saver import SavedByChief
from gansynth_isa.runs.shared_stop import SharedStop
from gansynth_isa.runs.stop_signals import StopSignals
from gansynth_isa.runs.trainer import Trainer
from gansynth_isa.runs.training_loop import Listener


def announce(description: RunDescription, replicas: Replicas) -> None:
    """Tells the other workers, as the chief, what the run is about.

    Raises:
      InputError: a worker has other recordings or settings.
    """
    replicas.text_from_chief(json.dumps(description.to_dict()))
    if replicas.any(False):
        raise InputError(
            "TF_CONFIG: a worker was started with other recordings or settings; its own message says which"
        )


def follow_chief(config: GanConfig, train: ClipSet, replicas: Replicas, console: Console) -> None:
    """Takes part in the chief's training to its end.

    Args:
      config: this worker's resolved configuration.
      train: its training clips, the same as the chief's.
      replicas: the devices that share the training.
      console: where lines go.

    Raises:
      InputError: the chief has other clips or settings.
      TrainingDiverged: a loss is not finite.
      Interrupted: a signal asked this worker or another one to stop; the chief saves the state.
    """
    description = RunDescription.from_dict(json.loads(replicas.text_from_chief("")))
    different = _differences(description, config, train)
    if replicas.any(bool(different)):
        raise InputError(f"TF_CONFIG: the chief trains on something else ({'; '.join(different) or 'another worker'})")
    if replicas.from_chief(0):
        console.line("finished, nothing to do")
        return
    with StopSignals() as signals:
        training = ProgressiveTraining(description, train, replicas)
        training.run(_Follower(console, len(training.stages)), SharedStop(signals, replicas))


class _Follower:
    """Says which stage is trained, and leaves the rest to the chief."""

    first_stage = 0  # the chief's counts

    def __init__(self, console: Console, num_stages: int):
        self._console, self._num_stages = console, num_stages

    def stopped_before(self, stage: Stage) -> str:
        return f"before stage {stage.index}"

    def fill(self, state: GanState) -> None:
        index = state.stage.index
        self._console.line(f"stage {index} ({index + 1} of {self._num_stages}): the chief reports and saves")

    @contextlib.contextmanager
    def attend(self, state: GanState, images: np.ndarray | Images, trainer: Trainer) -> Iterator[Attendance]:
        yield Attendance((_ClearsLosses(state),), SavedByChief(f"stage {state.stage.index}"))

    def end(self) -> None:
        self._console.line("finished")


class _ClearsLosses(Listener):
    """Starts new means after every call: nobody reports them here."""

    def __init__(self, state: GanState):
        self._state = state

    def advanced(self, before: int, image: int, losses: dict[str, float]) -> None:
        self._state.clear_losses()


def _differences(description: RunDescription, config: GanConfig, train: ClipSet) -> list[str]:
    """What this worker has otherwise than the chief, a line each."""
    found = changes(description.config, config, FREE_AMONG_WORKERS)
    if description.data["sha256"] != train.fingerprint()["sha256"]:
        found.append("other recordings or another subset of them")
    return found
