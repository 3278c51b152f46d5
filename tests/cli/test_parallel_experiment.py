"""An experiment in two processes that is told to stop, or whose parent is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gansynth_isa.data.simulation.writer import simulate_balls

WAIT_S = 900  # on a machine that is busy otherwise
SIZE = (
    *("--dataset=mb", "--mel_bins=8", "--num_resolutions=1", "--start_height=32", "--start_width=8", "--fmap_max=4"),
    *("--latent_vector_size=8", "--stable_stage_num_images=10000000", "--save_summaries_num_images=64"),
    *("--levels=3", "--methods=gan", "--gan_repeats=2", "--trials=1", "--samples_per_class=4", "--jobs=2"),
)


def wait_for(condition):
    """The first true value of `condition`."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def running_children(pid: int) -> list[int]:
    """Processes that `pid` has started, those that only wait to be asked for their status left out."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()]


def is_running(pid: int) -> bool:
    """Whether a process is there and not dead."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_experiment_saves_its_gans_and_leaves_no_process_behind(tmp_path, signum):
    simulate_balls(tmp_path / "recordings", train_files_per_class=4, test_files=3)
    folder = tmp_path / "experiment"
    flags = (*SIZE, f"--data_dir={tmp_path / 'recordings'}", f"--output_dir={folder}", "--feature_cache_dir=")
    command = [sys.executable, "-m", "gansynth_isa.cli.experiment", *flags]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: len(list(folder.glob("gans/*/metrics.jsonl"))) == 2)
        children = running_children(parent.pid)
        assert len(children) == 2
        os.kill(parent.pid, signum)
        if signum == signal.SIGTERM:
            output, errors = parent.communicate(timeout=WAIT_S)
            assert parent.returncode == 143
            assert (
                "stopped by SIGTERM: finished classifiers are kept, and generators were saved; to continue: " in errors
            )
            assert "stopping; generators that are being trained are saved first" in output
        wait_for(lambda: not any(is_running(child) for child in children))
    finally:
        parent.kill()
        parent.communicate()
    assert len(list(folder.glob("gans/*/stage_00000/*.npz"))) >= 2
