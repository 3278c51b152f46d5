"""Number format of the convolutions: where it comes from, and that a short run hardly feels it."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.pipeline import gan_batches
from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig, TrainingConfig
from gansynth_isa.generators.gansynth.resolution import resolve
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.gansynth.training import precision
from gansynth_isa.generators.gansynth.training.precision import cpu_flags, has_bfloat16, with_fixed_precision
from gansynth_isa.generators.gansynth.training.state import GanState

NUM_STEPS = 30


def config_in(mixed_precision: str) -> GanConfig:
    return resolve(
        GanConfig(
            data=DataConfig(clip_seconds=0.1),
            features=FeatureConfig(mel_bins=16, frames=4),
            network=NetworkConfig(latent_vector_size=8, fmap_max=16, num_resolutions=2),
            training=TrainingConfig(mixed_precision=mixed_precision, batch_size_schedule=(8,)),
        )
    )


def growing_state(mixed_precision: str) -> tuple[GanState, object]:
    config = config_in(mixed_precision)
    stage = stage_plan(config.training, config.network)[1]
    state = GanState(config, stage, np.array([0.5, 0.5]), num_channels=1)
    images = np.random.default_rng(0).uniform(-0.8, 0.8, (24, *stage.resolution, 1)).astype(np.float32)
    return state, iter(gan_batches(images, np.eye(2, dtype=np.float32)[np.arange(24) % 2], 8, seed=0))


def test_flags_of_both_kinds_of_processor_are_found():
    assert "avx512_bf16" in cpu_flags("processor\t: 0\nmodel name\t: bf16\nflags\t\t: fpu avx512_bf16 amx_tile\n")
    assert cpu_flags("Features\t: fp asimd bf16\n") == {"fp", "asimd", "bf16"}
    assert "bf16" not in cpu_flags("model name\t: bf16\nflags\t\t: fpu vme\n")


@pytest.mark.parametrize(("flags", "expected"), [("fpu avx512_bf16", True), ("fpu amx_bf16", True), ("fpu", False)])
def test_processor_without_the_instructions_has_no_bfloat16(flags, expected, tmp_path, monkeypatch):
    (tmp_path / "cpuinfo").write_text(f"flags : {flags}\n")
    monkeypatch.setattr(precision, "CPU_INFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert has_bfloat16() == expected


@pytest.mark.parametrize(("capability", "expected"), [((8, 0), True), ((9, 0), True), ((7, 5), False)])
def test_gpu_decides_by_its_compute_capability(capability, expected, monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a GPU"])
    details = {"compute_capability": capability}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details)
    assert has_bfloat16() == expected


@pytest.mark.parametrize("stored", ["float32", "bfloat16"])
def test_auto_of_a_run_that_has_begun_is_what_it_began_with(stored):
    assert with_fixed_precision(config_in("auto"), config_in(stored)) == config_in(stored)


def test_auto_at_the_first_start_is_what_the_hardware_has(monkeypatch):
    monkeypatch.setattr(precision, "has_bfloat16", lambda: True)
    assert with_fixed_precision(config_in("auto")).training.mixed_precision == "bfloat16"
    monkeypatch.setattr(precision, "has_bfloat16", lambda: False)
    assert with_fixed_precision(config_in("auto")).training.mixed_precision == "float32"


def test_losses_of_a_short_run_in_bfloat16_track_float32():
    means = {}
    for name in ("float32", "bfloat16"):
        state, batches = growing_state(name)
        state.train(batches, NUM_STEPS)
        means[name] = state.mean_losses()
        assert {variable.dtype for variable in state.step.generator.variables} == {"float32"}
    for loss, expected in means["float32"].items():
        if not loss.endswith("accuracy"):
            assert means["bfloat16"][loss] == pytest.approx(expected, rel=0.05, abs=0.05), loss
    assert means["bfloat16"] != means["float32"]


def _kernel_size(op) -> tuple[int, int]:
    kernel = op.inputs[1] if op.type == "Conv2DBackpropInput" else op.outputs[0]
    return tuple(kernel.shape[:2])


@pytest.mark.parametrize("name", ["float32", "bfloat16"])
def test_convolutions_alone_compute_in_the_format_asked_for(name):
    state, batches = growing_state(name)
    step = tf.function(lambda images, labels: state._train_step(images, labels, with_penalty=True))
    operations = step.get_concrete_function(*next(batches)).graph.get_operations()
    kernels = [op.inputs[1] for op in operations if op.type == "Conv2D"]
    assert {kernel.dtype.name for kernel in kernels if kernel.shape[:2] == (3, 3)} == {name}
    for kind in ("Conv2DBackpropInput", "Conv2DBackpropFilter"):  # upscaling convolutions, and all gradients
        wide = [op for op in operations if op.type == kind and _kernel_size(op) in ((3, 3), (4, 4))]
        assert wide and {op.outputs[0].dtype.name for op in wide} == {name}, kind
    for kind in ("Rsqrt", "Sqrt", "ResourceApplyAdam", "SoftmaxCrossEntropyWithLogits", "MatMul", "Tanh"):
        formats = {tensor.dtype.name for op in operations if op.type == kind for tensor in op.inputs}
        assert formats - {"resource"} == {"float32"}, kind
