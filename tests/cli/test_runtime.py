"""Exit status and output of a command, in processes of their own where descriptors matter."""

import errno
import signal
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from gansynth_isa.cli.runtime import run_command
from gansynth_isa.errors import InputError, Interrupted, TrainingDiverged

NOISY_COMMAND = """
import os, sys, warnings, logging
from pathlib import Path
from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.errors import InputError

def main(argv):
    with quiet_session() as session:
        session.console.line("before the log")
        os.write(2, b"native chatter 1\\n")
        if "log" in argv:
            session.open_log(Path(argv[1]) / "log.txt")
        os.write(2, b"native chatter 2\\n")
        logging.getLogger("tensorflow").warning("python chatter")
        warnings.warn("a warning")
        print("for the terminal", file=sys.stderr)
        session.console.line("a line")
        if "bad" in argv:
            raise InputError("thing: expected a, got b")
        if "crash" in argv:
            raise RuntimeError("broken inside")
    print("terminal again", file=sys.stderr)

sys.exit(run_command(main))
"""

SLOW_COMMAND = """
import sys, time
from gansynth_isa.cli.runtime import run_command

def main(argv):
    print("working", flush=True)
    time.sleep(60)

sys.exit(run_command(main, continues=True))
"""


def run_noisy(*arguments):
    return subprocess.run(
        [sys.executable, "-c", NOISY_COMMAND, *arguments], capture_output=True, text=True, check=False
    )


def test_session_with_log_keeps_chatter_out_of_the_terminal(tmp_path):
    result = run_noisy(str(tmp_path), "log")
    assert result.returncode == 0
    assert result.stdout == "before the log\na line\n"
    assert result.stderr == "for the terminal\nterminal again\n"
    log = (tmp_path / "log.txt").read_text()
    for text in ("before the log", "native chatter 1", "native chatter 2", "python chatter", "a warning", "a line"):
        assert log.count(text + "\n") >= 1 or f"{text}\n  warnings" in log, text


def test_session_without_log_writes_nothing(tmp_path):
    result = run_noisy(str(tmp_path))
    assert result.stderr == "for the terminal\nterminal again\n"
    assert list(tmp_path.iterdir()) == []


def test_input_error_in_a_session_is_one_line_and_status_2(tmp_path):
    result = run_noisy(str(tmp_path), "log", "bad")
    assert result.returncode == 2
    assert result.stderr == "for the terminal\nerror: thing: expected a, got b\n"


def test_internal_failure_shows_its_traceback_and_logs_it(tmp_path):
    result = run_noisy(str(tmp_path), "log", "crash")
    assert result.returncode == 1
    assert "RuntimeError: broken inside" in result.stderr
    assert "RuntimeError: broken inside" in (tmp_path / "log.txt").read_text()


def test_log_in_a_place_that_is_a_file_is_bad_input(tmp_path):
    (tmp_path / "file").write_text("")
    result = run_noisy(str(tmp_path / "file"), "log")
    assert result.returncode == 2
    assert "cannot write there" in result.stderr


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (None, 0),
        (0, 0),
        (1, 1),
        (InputError("x"), 2),
        (ValueError("x"), 1),
        (KeyboardInterrupt(), 130),
        (Interrupted(signal.SIGTERM, "x"), 143),
        (TrainingDiverged("x"), 1),
        (OSError(errno.ENOSPC, "No space left on device", "x"), 2),
    ],
)
def test_run_command_outcome_gives_status(outcome, status, capsys):
    def main(argv):
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    assert run_command(main, ["command"]) == status
    if status == 2:
        assert capsys.readouterr().err in ("error: x\n", "error: x: cannot be written: No space left on device\n")
    if isinstance(outcome, TrainingDiverged):
        assert capsys.readouterr().err == "error: x\n"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signal_while_a_command_works_says_how_to_continue(tmp_path, name):
    (tmp_path / "slow_command.py").write_text(SLOW_COMMAND)
    program = [sys.executable, "-m", "slow_command", "--data_dir=two words"]
    process = subprocess.Popen(program, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "working\n"
    process.send_signal(getattr(signal, name))
    error = process.communicate()[1]
    assert process.returncode == 128 + getattr(signal, name)
    continuing = f"{sys.executable} -m slow_command '--data_dir=two words'"
    assert error == f"stopped by {name}; to continue: {continuing}\n"


@pytest.mark.parametrize(
    ("command", "flag"),
    [
        ("train", "--fmap_max=int"),
        ("generate", "--train_root_dir=str"),
        ("classify", "--method=str"),
        ("evaluate", "--synthetic_dir=str"),
        ("experiment", "--fmap_max=int"),
        ("report", "--output_dir=str"),
        ("inspect", "--data_dir=str"),
        ("simulate", "--seed=int"),
        ("import_clips", "--source=str"),
    ],
)
def test_command_help_and_misspelt_flag_have_their_status(command, flag):
    program = [sys.executable, "-m", f"gansynth_isa.cli.{command}"]
    shown = subprocess.run([*program, "--help"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    assert f"\n  {flag}" in shown.stdout
    wrong = subprocess.run([*program, "--fmap_mx=1"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert wrong.stderr == "error: --fmap_mx: no such flag; did you mean '--fmap_max'?\n"


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("train", "data_dir"),
        ("generate", "train_root_dir"),
        ("classify", "output_dir"),
        ("evaluate", "synthetic_dir"),
        ("experiment", "output_dir"),
        ("report", "experiment_dir"),
        ("inspect", "data_dir"),
        ("simulate", "data_dir"),
        ("import_clips", "output_dir"),
    ],
)
def test_command_without_a_needed_folder_names_it(command, missing, capfd):
    module = __import__(f"gansynth_isa.cli.{command}", fromlist=["main"])
    assert run_command(module.main, [command]) == 2
    assert capfd.readouterr().err.startswith(f"error: {missing}: expected ")


@pytest.mark.parametrize(("name", "total"), [("mb", "72,000"), ("pucks", "1,360,000")])
def test_train_dry_run_of_a_preset_needs_no_data(name, total, capfd):
    from gansynth_isa.cli.train import main

    assert run_command(main, ["train", f"--dataset={name}", "--dry_run"]) == 0
    output = capfd.readouterr().out
    assert f"total {total} images" in output


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--base_settings=gaussian_sharing=1", "base_settings: expected none without --base_generator, got gaussian_"),
        ("--init_from=nothing", "nothing: expected the folder of a trained GAN, but it has no experiment.json"),
    ],
)
def test_train_dry_run_refuses_what_training_refuses_and_prints_no_plan(tmp_path, monkeypatch, capfd, flag, message):
    from gansynth_isa.cli.train import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "nothing").mkdir()
    assert run_command(main, ["train", "--dataset=mb", flag, "--dry_run"]) == 2
    output = capfd.readouterr()
    assert output.err.startswith(f"error: {message}") and output.err.count("\n") == 1
    assert output.out == ""


@pytest.mark.parametrize("command", ["train", "experiment"])
def test_dry_run_says_what_recordings_there_are_and_refuses_unusable_ones(command, tmp_path, capfd):
    module = __import__(f"gansynth_isa.cli.{command}", fromlist=["main"])
    for name in ("train/coated/1", "train/broken/2", "test/coated/3"):
        path = tmp_path / "balls" / f"{name}.wav"
        path.parent.mkdir(parents=True)
        soundfile.write(path, np.zeros(17640), 44100)
    flags = ["--dataset=mb", f"--data_dir={tmp_path / 'balls'}", f"--output_dir={tmp_path / 'out'}", "--dry_run"]
    assert run_command(module.main, [command, *flags]) == 0
    lines = [" ".join(line.split()) for line in capfd.readouterr().out.splitlines()]
    assert "coated 1 1" in lines and "training files per class 360 or more 1" in lines
    (tmp_path / "balls" / "train" / "broken").rename(tmp_path / "balls" / "test" / "broken")
    assert run_command(module.main, [command, *flags]) == 2
    assert capfd.readouterr().err.startswith("error: data_dir: expected training recordings of every class")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("status", "teardown"), [(0, True), (1, True), (143, False)])
def test_leave_skips_the_teardown_after_a_signal_alone(status, teardown):
    code = (
        "import atexit; from gansynth_isa.cli.runtime import leave; "
        f"atexit.register(print, 'torn down'); print('said'); leave({status})"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == status
    assert ended.stdout.split("\n")[:-1] == ["said", "torn down"][: 1 + teardown]
