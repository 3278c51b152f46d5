"""The wait for data, seen from inside the graph that trains."""

import time

import numpy as np
import tensorflow as tf

from gansynth_isa.benchmark.training_case import TimedBatches

PAUSE_S = 0.05


def waited_s(batches: tf.data.Dataset, num_batches: int) -> float:
    timed = TimedBatches(iter(batches))
    tf.function(lambda: [next(timed) for _ in range(num_batches)])()
    return float(timed.waited_s)


def paused(index: np.int64) -> np.int64:
    time.sleep(PAUSE_S)
    return index


def test_wait_for_a_slow_pipeline_is_as_long_as_its_pauses():
    numbers = tf.data.Dataset.range(100).map(lambda index: tf.numpy_function(paused, [index], tf.int64))
    slow = numbers.map(lambda index: (tf.cast(index, tf.float32), tf.zeros(1)))
    waited = waited_s(slow, 4)
    assert 4 * PAUSE_S <= waited < 8 * PAUSE_S + 1


def test_wait_for_batches_that_are_there_is_short():
    ready = tf.data.Dataset.from_tensors((tf.zeros(1), tf.zeros(1))).repeat()
    assert waited_s(ready, 4) < PAUSE_S
