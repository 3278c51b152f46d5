"""The order in which a loop trains, reports, draws, saves and stops, on a toy that counts."""

import signal

import numpy as np
import pytest

from gansynth_isa.errors import Interrupted, TrainingDiverged
from gansynth_isa.runs.boundaries import Boundaries
from gansynth_isa.runs.replicas import Replicas
from gansynth_isa.runs.saver import CheckpointSaver, SavedByChief
from gansynth_isa.runs.shared_stop import SharedStop
from gansynth_isa.runs.stop_signals import StopSignals
from gansynth_isa.runs.trainer import Trainer
from gansynth_isa.runs.training_loop import Listener, TrainingLoop

BOUNDARIES = Boundaries(first_image=0, end_image=24, batch_size=4, report_every=8, save_every=12)


class Counter:
    """Counts images; its loss is what it is told."""

    def __init__(self, image=0, loss=1.0):
        self.image, self.loss = image, loss

    def train(self, num_steps):
        self.image += 4 * num_steps
        return self.image

    def mean_losses(self):
        return {"loss": self.loss}


class Diary(Listener):
    """Notes what it hears."""

    def __init__(self):
        self.notes = []

    def resumed(self, image):
        self.notes.append(f"resumed {image}")

    def at_report(self, image, ended):
        self.notes.append(f"report {image}" + " ended" * ended)

    def at_checkpoint(self, image, ended):
        self.notes.append(f"draw {image}" + " ended" * ended)


class NotedSaver(CheckpointSaver):
    """Notes in a diary when it saves."""

    def __init__(self, diary, folder, counter):
        super().__init__("toy", [folder], lambda: {"image": np.array(counter.image)}, BOUNDARIES.is_regular)
        self._diary = diary

    def save(self, image):
        super().save(image)
        self._diary.notes.append(f"save {image}")


class StoppingAt(Diary):
    """Asks to stop at the report of an image, as a signal would."""

    def __init__(self, image, signals):
        super().__init__()
        self._image, self._signals = image, signals

    def at_report(self, image, ended):
        super().at_report(image, ended)
        if image == self._image:
            self._signals.requested = signal.SIGTERM


@pytest.fixture
def signals():
    return StopSignals()


def run(diary, signals, folder, image=0, loss=1.0, saver=None):
    counter = Counter(image, loss)
    trainer = Trainer(counter, BOUNDARIES, Replicas())
    saver = saver or NotedSaver(diary, folder, counter)
    TrainingLoop(trainer, saver, SharedStop(signals, Replicas()), [diary]).run(image)


def test_reports_come_before_pictures_and_these_before_the_checkpoint(signals, tmp_path):
    diary = Diary()
    run(diary, signals, tmp_path)
    assert diary.notes == [
        "report 8", "draw 12", "save 12", "report 16", "report 24 ended", "draw 24 ended", "save 24"
    ]  # fmt: skip


def test_training_resumed_at_a_regular_checkpoint_tells_the_listeners(signals, tmp_path):
    diary = Diary()
    run(diary, signals, tmp_path, image=12)
    assert diary.notes[:2] == ["resumed 12", "report 16"]
    diary = Diary()
    run(diary, signals, tmp_path, image=8)
    assert diary.notes[0] == "draw 12"


def test_training_that_has_ended_before_it_began_saves_what_it_took_over(signals, tmp_path):
    diary = Diary()
    run(diary, signals, tmp_path, image=24)
    assert diary.notes == ["save 24"]


def test_request_to_stop_saves_before_pictures_are_drawn(signals, tmp_path):
    diary = StoppingAt(8, signals)
    with pytest.raises(Interrupted, match="stopped by SIGTERM: toy, image 8, saved in"):
        run(diary, signals, tmp_path)
    assert diary.notes == ["report 8", "save 8"]


def test_request_to_stop_at_the_end_does_what_belongs_to_the_end_first(signals, tmp_path):
    diary = StoppingAt(24, signals)
    with pytest.raises(Interrupted, match="toy, image 24, saved in"):
        run(diary, signals, tmp_path)
    assert diary.notes[-3:] == ["report 24 ended", "draw 24 ended", "save 24"]


def test_loss_that_is_not_finite_ends_the_training_before_anything_is_reported(signals, tmp_path):
    diary = Diary()
    with pytest.raises(TrainingDiverged, match="toy: loss is nan between the images 0 and 4; there is no checkpoint"):
        run(diary, signals, tmp_path, loss=float("nan"))
    assert diary.notes == []


def test_process_that_is_not_the_chief_goes_the_same_way_and_writes_nothing(signals, tmp_path):
    diary = StoppingAt(16, signals)
    with pytest.raises(Interrupted, match="toy, image 16, saved by the chief"):
        run(diary, signals, tmp_path, saver=SavedByChief("toy"))
    assert diary.notes == ["report 8", "draw 12", "report 16"]
    assert list(tmp_path.iterdir()) == []


class TwoProcesses(Replicas):
    """Stands in for a second process, which was asked to stop, and for a chief that makes two steps."""

    def from_chief(self, number):
        return 2

    def any(self, flag):
        return True


def test_all_processes_make_the_chiefs_steps_and_stop_when_one_is_asked(signals, tmp_path):
    counter = Counter()
    trainer = Trainer(counter, BOUNDARIES, TwoProcesses())
    loop = TrainingLoop(trainer, SavedByChief("toy"), SharedStop(signals, TwoProcesses()))
    with pytest.raises(Interrupted, match="stopped with another worker: toy, image 8, saved by the chief"):
        loop.run(0)
    assert counter.image == 8
