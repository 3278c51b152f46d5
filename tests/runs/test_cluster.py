"""TF_CONFIG, and the wait for the other workers."""

import json
import socket
import threading

import pytest

from gansynth_isa.errors import InputError, WorkerLost
from gansynth_isa.runs.cluster import Cluster, read_cluster, wait_for_workers

ADDRESSES = ["one:2222", "two:2222"]


def environment(cluster=None, task=None) -> dict[str, str]:
    cluster = {"worker": ADDRESSES} if cluster is None else cluster
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": task or {"type": "worker", "index": 1}})}


def free_port() -> int:
    with socket.create_server(("", 0)) as server:
        return server.getsockname()[1]


def test_cluster_is_read_from_the_environment():
    cluster = read_cluster(environment())
    assert cluster == Cluster(("one:2222", "two:2222"), 1)
    assert (cluster.is_chief, cluster.num_workers, cluster.others) == (False, 2, ("one:2222",))
    assert read_cluster(environment(task={"type": "worker", "index": 0})).is_chief


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "expected the workers as .*, got nothing"),
        ({"TF_CONFIG": "{"}, "expected the workers as .*, got '{'"),
        ({"TF_CONFIG": "[]"}, r"expected the workers as .*, got '\[\]'"),
        (environment(cluster={"worker": ADDRESSES, "ps": ["three:1"]}), "expected workers alone, got worker, ps"),
        (environment(cluster={"worker": ["one", "two"]}), "expected workers as host:port, got one, two"),
        (environment(task={"type": "worker", "index": 2}), "expected an index from 0 to 1, got 2"),
    ],
)
def test_cluster_that_makes_no_sense_is_refused_in_one_line(values, message):
    with pytest.raises(InputError, match=f"^TF_CONFIG: {message}"):
        read_cluster(values)


def test_workers_that_come_one_after_the_other_find_each_other():
    addresses = tuple(f"localhost:{free_port()}" for _ in range(2))
    all_done = threading.Event()

    def come_late():
        wait_for_workers(Cluster(addresses, 1), 20.0)
        with socket.create_server(("", int(addresses[1].split(":")[1]))):  # as TensorFlow does then
            all_done.wait(20.0)

    late = threading.Timer(0.5, come_late)
    late.start()
    wait_for_workers(Cluster(addresses, 0), 20.0)
    assert late.is_alive()
    all_done.set()
    late.join()


def test_worker_that_never_comes_is_named_when_the_time_is_over():
    addresses = tuple(f"localhost:{free_port()}" for _ in range(2))
    with pytest.raises(WorkerLost, match=f"worker 0 of 2 at {addresses[0]}: no answer from {addresses[1]} in 0.3 s"):
        wait_for_workers(Cluster(addresses, 0), 0.3)


def test_address_that_is_taken_is_named():
    with socket.create_server(("", 0)) as server:
        address = f"localhost:{server.getsockname()[1]}"
        with pytest.raises(InputError, match=f"worker 0 of 2 at {address} cannot listen there: Address already in use"):
            wait_for_workers(Cluster((address, "localhost:1"), 0), 0.3)
