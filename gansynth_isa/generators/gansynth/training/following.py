"""A worker that is not the chief: it trains along, and writes nothing.

It does what the chief does in the same order: what the run is about, the first stage, then in each stage the
state, and for every call of the graph the number of steps and whether somebody was asked to stop.
"""

import json

from gansynth_isa import validation
from gansynth_isa.config import GanConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError, TrainingDiverged
from gansynth_isa.generators.gansynth.run_description import FREE_SETTINGS, RunDescription
from gansynth_isa.generators.gansynth.stages import Stage, stage_plan
from gansynth_isa.generators.gansynth.training.real_clips import RealClips
from gansynth_isa.generators.gansynth.training.stage_loop import not_finite
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.stop_signals import StopSignals

FIXED_AT_START = ("mixed_precision", "minibatch_groups")  # what the chief fills in


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
    stages = stage_plan(description.config.training, description.config.network)
    with StopSignals() as stop:
        first = replicas.from_chief(0)
        clips = RealClips(description, train)
        for stage in stages[first:]:
            if replicas.any(stop.requested is not None):
                raise stop.interruption(f"before stage {stage.index}")
            console.line(f"stage {stage.index} ({stage.index + 1} of {len(stages)}): the chief reports and saves")
            state = GanState(description.config, stage, description.class_shares, description.num_channels, replicas)
            state.synchronize()
            _train_along(state, stage, clips, replicas, stop)
    console.line("finished")


def _train_along(state: GanState, stage: Stage, clips: RealClips, replicas: Replicas, stop: StopSignals) -> None:
    image = int(state.image)
    batches = clips.batches(clips.at(stage), stage, image - stage.first_image)
    while image < stage.end_image:
        state.clear_losses()
        state.train(batches, replicas.from_chief(0))
        before, image = image, int(state.image)
        bad = not_finite(state.mean_losses(), before, image)
        if bad:
            raise TrainingDiverged(f"stage {stage.index}: {bad}")
        if replicas.any(stop.requested is not None):
            replicas.wait_for_all()  # the end of a worker must not disturb the chief while it saves
            raise stop.interruption(f"stage {stage.index}, image {image:,}, saved by the chief")


def _differences(description: RunDescription, config: GanConfig, train: ClipSet) -> list[str]:
    """What this worker has otherwise than the chief, a line each."""
    free = (*FREE_SETTINGS, *FIXED_AT_START)
    lines = validation.differences(description.config, config)
    found = [line for line in lines if line.split(":")[0] not in free]
    if description.data["sha256"] != train.fingerprint()["sha256"]:
        found.append("other recordings or another subset of them")
    return found
