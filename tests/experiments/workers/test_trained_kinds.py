"""Kinds that save checkpoints as tasks of other processes: their rows must be those of a single process."""

import io

import pytest

from gansynth_isa.console import Console
from gansynth_isa.experiments.runner import check_experiment, run_experiment
from gansynth_isa.experiments.workers.local_workers import LocalWorkers
from gansynth_isa.experiments.workers.worker import Worker
from gansynth_isa.generators.registry import kinds


def test_every_kind_that_saves_checkpoints_is_tried_as_a_task_of_other_processes(checkpointed_kinds):
    assert {name for name, kind in kinds().items() if kind.saves_checkpoints} == {"gansynth", *checkpointed_kinds}


@pytest.mark.slow  # two further processes, in which TensorFlow starts and graphs are made
def test_rows_of_two_processes_are_those_of_one(
    experiment_of, checkpointed_kinds, short_clips, rows_without_times, tmp_path
):
    quiet, config, clips = Console(io.StringIO()), experiment_of(*checkpointed_kinds), short_clips
    opened, folds = check_experiment(config, clips, tmp_path / "one")
    assert run_experiment(opened, folds, Worker(opened, folds, quiet), quiet) == 0
    opened, folds = check_experiment(config, clips, tmp_path / "two")
    assert run_experiment(opened, folds, LocalWorkers(opened, clips, quiet, 2), quiet) == 0
    rows = rows_without_times(tmp_path / "two")
    assert [row for row in rows if "'generator': 'wavegan'" in row] and len(rows) == 2 * len(checkpointed_kinds)
    assert rows == rows_without_times(tmp_path / "one")
