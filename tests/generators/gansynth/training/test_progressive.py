"""Processes that take part in a training without writing."""

import contextlib
import dataclasses

import numpy as np
import pytest

from gansynth_isa.console import Console
from gansynth_isa.errors import Interrupted
from gansynth_isa.generators.gansynth.training.progressive import Attendance, ProgressiveTraining
from gansynth_isa.generators.gansynth.training.run import describe_run, train_gan
from gansynth_isa.runs.checkpoints import list_checkpoints, load_checkpoint
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.saver import SavedByChief
from gansynth_isa.runs.shared_stop import SharedStop
from gansynth_isa.runs.stop_signals import StopSignals


class Silent:
    """Writes nothing, and remembers what was trained."""

    def __init__(self, first_stage=0):
        self.first_stage, self.states, self.has_ended = first_stage, [], False

    def stopped_before(self, stage):
        return f"before stage {stage.index}"

    def fill(self, state):
        self.states.append(state)

    @contextlib.contextmanager
    def attend(self, state, images, trainer):
        yield Attendance((), SavedByChief("toy"))

    def end(self):
        self.has_ended = True


@pytest.fixture(scope="module")
def one_stage(tiny_config):
    training = dataclasses.replace(tiny_config.training, train_progressive=False)
    return dataclasses.replace(tiny_config, training=training)


def test_process_that_writes_nothing_ends_with_the_weights_of_the_one_that_does(one_stage, tiny_clips, tmp_path):
    train_gan(one_stage, tiny_clips, tmp_path, Console(), show_reports=False)
    expected = load_checkpoint(list_checkpoints(tmp_path / "stage_00000")[-1])
    replicas, role = Replicas(), Silent()
    description = describe_run(one_stage, tiny_clips)
    ProgressiveTraining(description, tiny_clips, replicas).run(role, SharedStop(StopSignals(), replicas))
    (state,) = role.states
    arrays = state.arrays()
    weights = [name for name in expected if "/" in name]
    assert role.has_ended and int(arrays["image"]) == int(expected["image"]) and len(weights) > 20
    for name in weights:
        np.testing.assert_array_equal(arrays[name], expected[name], err_msg=name)


class OneIsAsked(Replicas):
    """Stands in for another process that was asked to stop, and a chief that goes on at the second stage."""

    def any(self, flag):
        return True

    def from_chief(self, number):
        return 1


def test_request_to_stop_before_a_stage_ends_the_run_before_its_networks_are_made(tiny_config, tiny_clips):
    replicas, role = OneIsAsked(), Silent()
    training = ProgressiveTraining(describe_run(tiny_config, tiny_clips), tiny_clips, replicas)
    with pytest.raises(Interrupted, match="stopped with another worker: before stage 1"):
        training.run(role, SharedStop(StopSignals(), replicas))
    assert role.states == [] and not role.has_ended
