"""An experiment on a Ray cluster of two nodes on this machine, one of which is lost while it works."""

import io
import threading
import time
import warnings

import pytest

from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.experiment import open_experiment, package_versions
from gansynth_isa.experiments.runner import check_experiment, run_experiment
from gansynth_isa.experiments.trials import Trial
from gansynth_isa.experiments.workers.ray_workers import RayWorkers, RemoteStart, perform_task
from gansynth_isa.experiments.workers.worker import Worker


@pytest.fixture(scope="module")
def ray():
    """The module; its absence skips the test aloud."""
    try:
        import ray
    except ImportError:
        message = "Ray is not there: experiments on a cluster are not tested; pip install -e '.[cluster]' brings it"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    return ray


@pytest.fixture(scope="module")
def cluster(ray):
    """Two nodes of one CPU each."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    cluster.second = cluster.add_node(num_cpus=1)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def lose_the_second_node(cluster, folder):
    """Ends it as a power failure would, as soon as both nodes train a GAN."""
    end = time.monotonic() + 600  # on a machine that is busy otherwise
    while time.monotonic() < end and len(list((folder / "gans").glob("*/experiment.json"))) < 2:
        time.sleep(0.05)
    cluster.remove_node(cluster.second, allow_graceful=False)


@pytest.mark.slow
def test_rows_from_a_cluster_that_loses_a_node_are_those_of_one_process(
    clips, cluster, tiny_experiment, rows_without_times, tmp_path
):
    quiet, output = Console(io.StringIO()), io.StringIO()
    opened, folds = check_experiment(tiny_experiment, clips, tmp_path / "one")
    assert run_experiment(opened, folds, Worker(opened, folds, quiet), quiet) == 0
    opened, folds = check_experiment(tiny_experiment, clips, tmp_path / "two")
    loses = threading.Thread(target=lose_the_second_node, args=(cluster, tmp_path / "two"))
    loses.start()
    console = Console(output)
    workers = RayWorkers(opened, clips, console, cluster.address, 1, 0.0)
    assert workers.num_at_once == 2
    assert run_experiment(opened, folds, workers, console) == 0
    loses.join()
    assert "4 classifiers, 0 of them trained before" in output.getvalue() and "[4/4]" in output.getvalue()
    assert len(rows_without_times(tmp_path / "two")) == 6
    assert rows_without_times(tmp_path / "two") == rows_without_times(tmp_path / "one")


@pytest.mark.slow
def test_rows_of_every_kind_with_checkpoints_are_those_of_one_process(
    cluster, experiment_of, checkpointed_kinds, short_clips, rows_without_times, tmp_path
):
    quiet, config = Console(io.StringIO()), experiment_of(*checkpointed_kinds)
    opened, folds = check_experiment(config, short_clips, tmp_path / "one")
    assert run_experiment(opened, folds, Worker(opened, folds, quiet), quiet) == 0
    opened, folds = check_experiment(config, short_clips, tmp_path / "cluster")
    workers = RayWorkers(opened, short_clips, quiet, cluster.address, 1, 0.0)
    assert run_experiment(opened, folds, workers, quiet) == 0
    rows = rows_without_times(tmp_path / "cluster")
    assert len(rows) == 2 * len(checkpointed_kinds)
    assert rows == rows_without_times(tmp_path / "one")


@pytest.mark.slow
def test_task_larger_than_any_node_is_refused(clips, cluster, tiny_experiment, tmp_path):
    opened = open_experiment(tiny_experiment, clips, tmp_path)
    with pytest.raises(InputError, match="task_cpus, task_gpus: .* got 64 CPUs and 0 GPUs; the nodes have 1 CPUs"):
        RayWorkers(opened, clips, Console(io.StringIO()), cluster.address, 64, 0.0)


def test_node_that_does_not_see_the_folder_is_refused(clips, tiny_experiment, tmp_path):
    opened = open_experiment(tiny_experiment, clips, tmp_path)
    (tmp_path / "grid.json").unlink()
    start = RemoteStart(opened, 1, package_versions())
    outcome, _ = perform_task(start, clips, Trial("all", 2, 0, "baseline", None, 0))
    assert "expected a folder that all nodes share" in outcome.refusal


def test_node_with_another_tensorflow_is_refused(clips, tiny_experiment, tmp_path):
    opened = open_experiment(tiny_experiment, clips, tmp_path)
    start = RemoteStart(opened, 1, package_versions() | {"tensorflow": "1.15.0"})
    outcome, _ = perform_task(start, clips, Trial("all", 2, 0, "baseline", None, 0))
    assert "expected tensorflow 1.15.0 on all nodes" in outcome.refusal
