"""Processes that are killed, by stand-ins; and real ones, whose rows must be those of a single process."""

import io
import multiprocessing

import pytest

from gansynth_isa.console import Console
from gansynth_isa.errors import WorkerLost
from gansynth_isa.experiments.runner import check_experiment, run_experiment
from gansynth_isa.experiments.schedule import Schedule
from gansynth_isa.experiments.trials import GeneratorKey, Trial
from gansynth_isa.experiments.workers import local_workers
from gansynth_isa.experiments.workers.local_process import READY
from gansynth_isa.experiments.workers.local_workers import LocalWorkers
from gansynth_isa.experiments.workers.shared_clips import shared_clips
from gansynth_isa.experiments.workers.worker import Outcome, Worker

BASELINE = Trial("1", 4, 0, "baseline", None, 0)
OF_THE_GAN = Trial("1", 4, 0, "gan", 0, 0, "gansynth")
GAN = GeneratorKey("1", 4, 0, 0)


class StandIn:
    """A process that says what `script` holds for its task, each time anew; `None` is its death."""

    script: dict = {}
    killed = True

    def __init__(self, start):
        self.name, self.task, self.generator, self.is_ready = "worker process 7", None, None, False
        self.connection, self.other_end = multiprocessing.Pipe()
        self.other_end.send(READY)

    def give(self, task):
        self.task = task
        for message in self.script[task].pop(0):
            self.other_end.send(message) if message is not None else self.other_end.close()

    def receive(self):
        try:
            return self.connection.recv()
        except EOFError:
            return None

    def end_reason(self):
        return "was killed by SIGKILL" if self.killed else "ended with status 1"

    def was_killed(self):
        return self.killed

    def kill(self):
        self.connection.close()


def run_stand_ins(monkeypatch, clips, trials, script, num_processes=1):
    """(task, outcome) of all, and what was shown."""
    monkeypatch.setattr(StandIn, "script", script)
    monkeypatch.setattr(local_workers, "LocalProcess", StandIn)
    output, schedule, ended = io.StringIO(), Schedule(trials), []
    for task, outcome in LocalWorkers(None, clips, Console(output), num_processes).outcomes(schedule):
        ended.append((task, outcome))
        schedule.finish(task) if outcome.failure is None else schedule.fail(task)
    return ended, output.getvalue()


def test_task_of_a_killed_process_is_tried_once_more(monkeypatch, clips):
    good = Outcome(row={"accuracy": 1.0})
    script = {GAN: [[b"stage 0", None], [good]], OF_THE_GAN: [[good]]}
    ended, output = run_stand_ins(monkeypatch, clips, (OF_THE_GAN,), script, num_processes=2)
    assert ended == [(GAN, good), (OF_THE_GAN, good)]
    assert output == (
        f"{GAN.name}: stage 0\n{GAN.name}: worker process 7 was killed by SIGKILL; it is tried once more\n"
    )


def test_task_whose_process_is_killed_twice_fails_and_the_others_go_on(monkeypatch, clips):
    good = Outcome(row={"accuracy": 1.0})
    ended, _ = run_stand_ins(monkeypatch, clips, (OF_THE_GAN, BASELINE), {GAN: [[None], [None]], BASELINE: [[good]]})
    assert [task for task, _ in ended] == [GAN, BASELINE]
    assert ended[0][1].failure == "worker process 7 was killed by SIGKILL, the second time"


def test_process_that_cannot_start_ends_the_run_with_one_line(monkeypatch, clips):
    class Unable(StandIn):
        killed = False

        def give(self, task):
            self.task = task
            self.other_end.close()

        def receive(self):
            return None

    monkeypatch.setattr(local_workers, "LocalProcess", Unable)
    with pytest.raises(WorkerLost, match="worker process 7 ended with status 1 at its start"):
        list(LocalWorkers(None, clips, Console(io.StringIO()), 1).outcomes(Schedule((BASELINE,))))


def test_shared_clips_are_the_same_in_another_place(clips):
    with shared_clips(clips) as shared:
        opened = shared.open()
        assert (opened.spectrograms == clips.spectrograms).all() and opened.recordings == clips.recordings
        with shared_clips(opened) as again:
            assert again.path == shared.path  # no second file


class KillsOnce(io.StringIO):
    """Kills all child processes when the first line of a GAN is shown."""

    num_killed = 0

    def write(self, text):
        if "GAN on" in text and not self.num_killed:
            children = multiprocessing.active_children()
            self.num_killed = len(children)
            for child in children:
                child.kill()
        return super().write(text)


@pytest.mark.slow
def test_rows_of_two_processes_killed_once_are_those_of_one(clips, tiny_experiment, rows_without_times, tmp_path):
    quiet, output = Console(io.StringIO()), KillsOnce()
    opened, folds = check_experiment(tiny_experiment, clips, tmp_path / "one")
    assert run_experiment(opened, folds, Worker(opened, folds, quiet), quiet) == 0
    opened, folds = check_experiment(tiny_experiment, clips, tmp_path / "two")
    console = Console(output)
    assert run_experiment(opened, folds, LocalWorkers(opened, clips, console, 2), console) == 0
    assert output.num_killed == 2
    assert output.getvalue().count("was killed by SIGKILL; it is tried once more") == 2
    assert len(rows_without_times(tmp_path / "two")) == 6
    assert rows_without_times(tmp_path / "two") == rows_without_times(tmp_path / "one")
