"""The yardstick: what a lone convolution reaches on this machine."""

import time

import tensorflow as tf

BATCH_SIZE, FRAMES, MEL_BINS, CHANNELS, KERNEL_SIZE = 8, 8, 256, 256, 3
FLOPS = 2 * BATCH_SIZE * FRAMES * MEL_BINS * CHANNELS**2 * KERNEL_SIZE**2
RUNS_PER_READING = 5


class Ceiling:
    """A 3x3 convolution, 256 to 256 channels, batch 8 at (8, 256), forward, in one number format.

    Args:
      precision: 'float32' or 'bfloat16'.
    """

    def __init__(self, precision: str):
        self.precision = precision
        shape = (BATCH_SIZE, FRAMES, MEL_BINS, CHANNELS)
        kernel_shape = (KERNEL_SIZE, KERNEL_SIZE, CHANNELS, CHANNELS)
        self._inputs = tf.cast(tf.random.stateless_normal(shape, (0, 1)), precision)
        self._kernel = tf.cast(tf.random.stateless_normal(kernel_shape, (0, 2)), precision)
        self._convolve = tf.function(lambda inputs, kernel: tf.nn.conv2d(inputs, kernel, 1, "SAME"))
        self.read()

    def read(self) -> float:
        """GFLOP/s now: the median of a few runs, a fifth of a second or so."""
        rates = []
        for _ in range(RUNS_PER_READING):
            started = time.perf_counter()
            self._convolve(self._inputs, self._kernel)
            rates.append(FLOPS / (time.perf_counter() - started) / 1e9)
        return sorted(rates)[RUNS_PER_READING // 2]


def read_ceilings(precisions: tuple[str, ...], num_readings: int) -> dict[str, float]:
    """Median GFLOP/s by number format, read in turn."""
    ceilings = {precision: Ceiling(precision) for precision in precisions}
    readings = [{name: ceiling.read() for name, ceiling in ceilings.items()} for _ in range(num_readings)]
    return {name: sorted(reading[name] for reading in readings)[num_readings // 2] for name in precisions}
