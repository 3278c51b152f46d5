"""A training on two processes of this machine, through the command."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from gansynth_isa.checks.crash_battery import read_metrics, run_differences
from gansynth_isa.cli import train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

LIMIT_S = 900  # for a whole run on a machine that is busy otherwise
LOST_LIMIT_S = 600  # from the death of a worker to the end of the other; 3 to 7 s on an idle machine
SIZE = (
    "--dataset=mb", "--feature_cache_dir=", "--clips_per_class=3", "--mel_bins=8", "--train_progressive=false",
    "--num_resolutions=1", "--start_height=32", "--start_width=8", "--fmap_max=4", "--latent_vector_size=8",
    "--batch_size_schedule=4", "--stable_stage_num_images=240", "--save_summaries_num_images=4",
    "--save_checkpoints_num_images=40",
)  # fmt: skip
LOSSES = (
    "generator_loss", "generator_wasserstein", "fake_class_loss", "discriminator_loss", "discriminator_wasserstein",
    "gradient_penalty", "real_score_penalty", "real_class_loss",
)  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=4, test_files=3)
    return folder


def free_port() -> int:
    with socket.create_server(("", 0)) as server:
        return server.getsockname()[1]


class Workers:
    """Two workers on one run."""

    def __init__(self, recordings, folder, *flags):
        addresses = [f"localhost:{free_port()}" for _ in range(2)]
        self.folder = folder
        self.outputs = [folder.parent / f"{folder.name}_{index}.txt" for index in range(2)]
        arguments = [*SIZE, f"--data_dir={recordings}", f"--train_root_dir={folder}", "--strategy=multi_worker", *flags]
        self.processes = []
        for index, path in enumerate(self.outputs):
            task = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
            with path.open("w") as output:
                self.processes.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "gansynth_isa.cli.train", *arguments],
                        env={**os.environ, "TF_CONFIG": json.dumps(task)},
                        stdout=output,
                        stderr=subprocess.STDOUT,
                    )
                )

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        for process in self.processes:
            process.kill()
            process.wait()

    def wait(self, limit_s: float = LIMIT_S) -> list[int]:
        """Exit status of both."""
        return [process.wait(limit_s) for process in self.processes]

    def wait_for_reports(self, number: int) -> None:
        started = time.monotonic()
        while len(read_metrics(self.folder)) < number and time.monotonic() - started < LIMIT_S:
            assert all(process.poll() is None for process in self.processes), self.texts()
            time.sleep(0.02)

    def texts(self) -> list[str]:
        return [path.read_text() for path in self.outputs]


@pytest.fixture(scope="module")
def uninterrupted(recordings, tmp_path_factory):
    with Workers(recordings, tmp_path_factory.mktemp("uninterrupted") / "run") as workers:
        assert workers.wait() == [0, 0], workers.texts()
        return workers


def test_two_workers_train_as_one_device_with_the_same_groups(uninterrupted, recordings, tmp_path):
    one_device = [*SIZE, f"--data_dir={recordings}", f"--train_root_dir={tmp_path}", "--minibatch_groups=2"]
    assert run_command(train.main, ["train", *one_device]) == 0
    one, two = read_metrics(tmp_path)[:20], read_metrics(uninterrupted.folder)[:20]
    assert [row["image"] for row in two] == list(range(4, 84, 4))
    for name in LOSSES:
        assert [row[name] for row in two] == pytest.approx([row[name] for row in one], rel=1e-4), name


def test_only_the_chief_writes(uninterrupted):
    assert sorted(path.name for path in uninterrupted.folder.parent.iterdir()) == ["run", "run_0.txt", "run_1.txt"]
    assert "stage 0 image" in uninterrupted.texts()[0]
    assert "stage 0 image" not in uninterrupted.texts()[1]


def test_killed_worker_ends_the_other_with_a_message_and_the_run_resumes_exactly(uninterrupted, recordings, tmp_path):
    with Workers(recordings, tmp_path / "run") as workers:
        workers.wait_for_reports(15)
        workers.processes[1].send_signal(signal.SIGKILL)
        assert workers.processes[0].wait(LOST_LIMIT_S) == 1
        assert "another worker has ended or does not answer" in workers.texts()[0]
    with Workers(recordings, tmp_path / "run") as workers:
        assert workers.wait() == [0, 0], workers.texts()
        assert "resuming in stage 0 at image" in workers.texts()[0]
    assert run_differences(uninterrupted.folder, tmp_path / "run") == []


def test_signal_to_one_worker_saves_and_stops_both(recordings, tmp_path):
    with Workers(recordings, tmp_path / "run", "--stable_stage_num_images=100000") as workers:
        workers.wait_for_reports(2)
        workers.processes[1].send_signal(signal.SIGTERM)
        assert workers.wait() == [128 + signal.SIGTERM] * 2
        chief, other = workers.texts()
    assert "stopped with another worker: stage 0, image" in chief
    assert "stopped by SIGTERM: stage 0, image" in other
    assert list((tmp_path / "run" / "stage_00000").glob("checkpoint-*.npz"))


def test_batch_that_cannot_be_shared_is_refused_in_one_line(recordings, tmp_path, capfd):
    arguments = ["train", *SIZE, f"--data_dir={recordings}", f"--train_root_dir={tmp_path / 'run'}"]
    assert run_command(train.main, [*arguments, "--strategy=mirrored", "--minibatch_groups=3"]) == 2
    error = capfd.readouterr().err
    assert error.startswith("error: batch_size_schedule: expected multiples of 3") and error.count("\n") == 1
    assert not (tmp_path / "run").exists()
