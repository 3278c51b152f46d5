"""The handover between stages, the clock, and the moving average's half-life."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.training.gan_state import GanState
from gansynth_isa.training.stages import stage_plan

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
