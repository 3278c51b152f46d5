"""The check of this project's numbers against the original's, as a command."""

import shutil

import numpy as np
import pytest

from gansynth_isa.cli import check_reference
from gansynth_isa.cli.runtime import run_command


def check(capfd, folder):
    status = run_command(check_reference.main, ["check_reference", str(folder)])
    output = capfd.readouterr()
    return status, output.out, output.err


@pytest.fixture
def folder(shared_dir, tmp_path):
    """One network case, the spectra and the checkpoint, to change."""
    for name in ("one_channel_stable1.npz", "spectral_small_with_phase.npz"):
        shutil.copy(shared_dir / "reference" / name, tmp_path / name)
        (tmp_path / name).chmod(0o644)
    shutil.copytree(shared_dir / "reference" / "original_checkpoint", tmp_path / "original_checkpoint")
    return tmp_path


def test_networks_spectra_and_checkpoint_are_checked(folder, capfd):
    status, out, err = check(capfd, folder)
    assert (status, err) == (0, "")
    assert "over 1 cases" in out and "mel: waveform" in out and "TOO LARGE" not in out
    assert len([line for line in out.splitlines() if line.startswith(("  after/", "  ema/"))]) == 58


def test_spectrum_that_differs_is_told_and_ends_with_status_1(folder, capfd):
    with np.load(folder / "spectral_small_with_phase.npz") as stored:
        arrays = dict(stored)
    arrays["mel_specgram"][..., 1] += 2e-3
    np.savez(folder / "spectral_small_with_phase.npz", **arrays)
    status, out, _ = check(capfd, folder)
    assert status == 1
    (line,) = [line for line in out.splitlines() if line.startswith("  mel: phase")]
    assert "2.00e-03   TOO LARGE" in line


def test_folder_without_cases_is_one_line_and_status_2(tmp_path, capfd):
    status, _, err = check(capfd, tmp_path)
    assert status == 2 and "expected network cases" in err and err.count("\n") == 1
