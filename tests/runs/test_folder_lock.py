"""One process at a time, and no lock that outlives its process."""

import subprocess
import sys
import time

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.runs.folder_lock import locked, wait_until_free

HOLDER = """
import sys, time
from pathlib import Path
from gansynth_isa.runs.folder_lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_folder_held_by_another_process_is_refused_until_that_is_killed(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match=f"in use by process {holder.pid} on "), locked(tmp_path):
            pytest.fail("entered a folder that is in use")
    finally:
        holder.kill()
        holder.communicate()
    with locked(tmp_path):
        pass


def test_folder_left_can_be_entered_again(tmp_path):
    for _ in range(2):
        with locked(tmp_path / "new"):
            assert (tmp_path / "new").is_dir()


def test_folder_that_cannot_be_made_is_bad_input(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"), locked(tmp_path / "file" / "run"):
        pytest.fail("entered a folder that is none")


def test_waiting_for_a_folder_ends_when_it_is_free_or_the_time_is_over(tmp_path):
    started = time.monotonic()
    wait_until_free(tmp_path / "absent", 7200)
    with locked(tmp_path):
        wait_until_free(tmp_path, 0.2)
    waited = time.monotonic() - started
    wait_until_free(tmp_path, 7200)
    assert waited >= 0.2 and time.monotonic() - started < 3600
