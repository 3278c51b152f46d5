"""Which number format the convolutions of a run compute in."""

import dataclasses
import re
from pathlib import Path

import tensorflow as tf

from gansynth_isa.generators.gansynth.config import GanConfig

# Names of the instructions in /proc/cpuinfo: on x86 under `flags`, on ARM under `Features`.
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}
BFLOAT16_COMPUTE_CAPABILITY = (8, 0)
CPU_INFO = Path("/proc/cpuinfo")


def with_fixed_precision(config: GanConfig, stored: GanConfig | None = None) -> GanConfig:
    """The configuration with `mixed_precision` 'auto' replaced by what it means.

    Args:
      config: the configuration asked for.
      stored: that of the run as it was started, if it was: a run goes on as it began, on any machine.
    """
    if config.training.mixed_precision != "auto":
        return config
    available = "bfloat16" if has_bfloat16() else "float32"
    precision = stored.training.mixed_precision if stored else available
    return dataclasses.replace(config, training=dataclasses.replace(config.training, mixed_precision=precision))


def has_bfloat16() -> bool:
    """Whether the GPUs, or without any the processor, multiply bfloat16 numbers by instructions of their own."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
        return all(detail.get("compute_capability", (0, 0)) >= BFLOAT16_COMPUTE_CAPABILITY for detail in details)
    return CPU_INFO.is_file() and bool(cpu_flags(CPU_INFO.read_text(encoding="utf-8")) & BFLOAT16_FLAGS)


def cpu_flags(cpu_info: str) -> set[str]:
    """Names of the instruction sets in the text of /proc/cpuinfo."""
    return set(" ".join(re.findall(r"^(?:flags|Features)\s*:(.*)$", cpu_info, re.MULTILINE)).split())
