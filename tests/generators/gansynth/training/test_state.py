"""The handover between stages, the clock, the moving average's half-life, the penalty's interval, and the graph."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.pipeline import gan_batches
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig, TrainingConfig
from gansynth_isa.generators.gansynth.resolution import resolve
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.training.moment import Batch, Moment
from gansynth_isa.generators.gansynth.training.state import GanState

# Operations that run Python or talk to the world outside: each would make a GPU wait.
HOST_OPERATIONS = {
    "PyFunc",
    "PyFuncStateless",
    "EagerPyFunc",
    "PrintV2",
    "Assert",
    "StringFormat",
    "WriteScalarSummary",
}
SHARES = np.array([0.5, 0.5])
NETWORKS = ("generator/", "average/", "discriminator/")


@pytest.fixture
def states(tiny_config):
    """A function that makes a fresh state of the stage with an index."""
    stages = stage_plan(tiny_config.training, tiny_config.network)
    return lambda index, config=tiny_config: GanState(config, stages[index], SHARES, 1)


def test_stage_takes_over_weights_and_averages_and_starts_its_optimizers_anew(states):
    before, after = states(0), states(1)
    fresh = after.arrays()
    handed = {name: array + 0.125 for name, array in before.arrays().items() if name.startswith(NETWORKS)}
    after.adopt(handed | {name: array for name, array in before.arrays().items() if not name.startswith(NETWORKS)})
    taken = after.arrays()
    shared = set(handed) & set(taken)
    assert {name.split("/")[0] for name in shared} == {"generator", "average", "discriminator"}
    for name, array in taken.items():
        np.testing.assert_array_equal(array, handed[name] if name in shared else fresh[name], err_msg=name)
    assert all("rgb" in name for name in set(handed) - shared)


def test_weights_without_a_place_in_the_next_stage_are_refused(states):
    arrays = states(0).arrays()
    name = next(name for name in arrays if name.startswith("generator/") and "rgb" not in name)
    with pytest.raises(InputError, match="no place for the array generator/renamed"):
        states(1).adopt({"generator/renamed": arrays[name]})


@pytest.mark.parametrize("index", [0, 1, 2])
def test_clock_of_the_graph_equals_that_of_the_plan(states, index):
    state = states(index)
    for image in (state.stage.first_image, state.stage.first_image + 5, state.stage.end_image):
        state.image.assign(image)
        assert float(state.progress()) == pytest.approx(state.stage.progress(image), abs=1e-6)


def test_moving_average_is_half_way_after_its_half_life(states, tiny_config):
    training = dataclasses.replace(tiny_config.training, moving_average_half_life_images=12.0)
    state = states(0, dataclasses.replace(tiny_config, training=training))
    steps = 12 // state.stage.batch_size
    assert state.step.average_decay**steps == pytest.approx(0.5)


def state_and_batches(interval: int = 1) -> tuple[GanState, object]:
    config = resolve(
        GanConfig(
            data=DataConfig(clip_seconds=0.1),
            features=FeatureConfig(mel_bins=8, frames=4),
            network=NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=2),
            training=TrainingConfig(batch_size_schedule=(4,), gradient_penalty_interval=interval),
        )
    )
    stage = stage_plan(config.training, config.network)[1]
    state = GanState(config, stage, np.array([0.5, 0.5]), num_channels=1)
    images = np.random.default_rng(0).uniform(-0.8, 0.8, (12, *stage.resolution, 1)).astype(np.float32)
    return state, iter(gan_batches(images, np.eye(2, dtype=np.float32)[np.arange(12) % 2], 4, seed=0))


def test_penalty_every_third_step_is_taken_at_the_first_and_each_third_after():
    state, batches = state_and_batches(interval=3)
    taken = []
    for _ in range(7):
        state.train(batches, 1)
        taken.append(int(state.num_penalties))
    assert taken == [1, 1, 1, 2, 2, 2, 3]
    assert int(state.num_summed) == 7


def test_mean_penalty_counts_the_steps_that_had_one():
    state, batches = state_and_batches(interval=4)
    state.train(batches, 1)
    first = state.mean_losses()["gradient_penalty"]
    state.train(batches, 2)
    assert first > 0
    assert state.mean_losses()["gradient_penalty"] == pytest.approx(first)


def test_penalty_of_a_longer_interval_weighs_as_much_more():
    step = state_and_batches()[0].step
    generator = np.random.default_rng(1)
    fakes, reals = generator.normal(size=(2, 4, 4, 8, 1)).astype(np.float32)
    labels, fraction = tf.one_hot([0, 1, 0, 1], 2), tf.fill((4, 1, 1, 1), 0.5)
    moment = Moment(tf.constant(0.5))

    def losses(interval: int, with_penalty: bool) -> dict:
        step.settings = dataclasses.replace(step.settings, gradient_penalty_interval=interval)
        return step.discriminator_losses(Batch(fakes, labels), Batch(reals, labels), fraction, moment, with_penalty)

    none, original, third = losses(3, False), losses(1, True), losses(3, True)
    penalty = float(original["gradient_penalty"])
    assert float(none["gradient_penalty"]) == 0.0
    assert float(original["discriminator_loss"] - none["discriminator_loss"]) == pytest.approx(10 * penalty, rel=1e-4)
    assert float(third["discriminator_loss"] - none["discriminator_loss"]) == pytest.approx(30 * penalty, rel=1e-4)


def test_step_has_no_operation_of_the_host_and_names_no_device():
    state, batches = state_and_batches()
    graph = state._train_graph.get_concrete_function(batches, tf.constant(1)).graph
    definitions = [graph.as_graph_def()]
    nodes = [node for part in definitions for node in part.node]
    nodes += [node for part in definitions for function in part.library.function for node in function.node_def]
    assert {"Conv2D", "ResourceApplyAdam", "IteratorGetNext"} <= {node.op for node in nodes}
    assert not {node.op for node in nodes} & HOST_OPERATIONS
    assert {node.device for node in nodes if node.op != "IteratorGetNext"} == {""}
