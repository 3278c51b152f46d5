"""A whole tiny run: progressive growth, resume, and generation from its folder."""

import dataclasses
import io
import json
import os
import re
import shutil
import signal

import numpy as np
import pytest

from gansynth_isa.checks.crash_battery import read_events, read_metrics, run_differences
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic
from gansynth_isa.errors import InputError, Interrupted, TrainingDiverged
from gansynth_isa.generators.gansynth.trained_generator import TrainedGansynth
from gansynth_isa.generators.gansynth.training.run import train_gan
from gansynth_isa.generators.generation import load_generator, write_clips
from gansynth_isa.runs import saver
from gansynth_isa.runs.checkpoints import checkpoint_image, list_checkpoints, load_checkpoint, save_checkpoint
from gansynth_isa.runs.folder_lock import locked


class StoppingConsole(Console):
    """Sends this process a signal when a line with a certain text is logged."""

    def __init__(self, text: str, signum: int):
        super().__init__(io.StringIO())
        self.lines, self._text, self._signum = [], text, signum

    def log(self, text):
        self.lines.append(text)
        if self._text in text:
            os.kill(os.getpid(), self._signum)


def copy_up_to(run, folder, image):
    """A copy of a run as a kill leaves it: the checkpoints up to `image`, and all that was reported later."""
    shutil.copytree(run, folder)
    for path in folder.glob("stage_*/checkpoint-*.npz"):
        if checkpoint_image(path) > image:
            path.unlink()
    return folder


def test_run_leaves_the_files_of_the_contract(tiny_run, tiny_clips):
    experiment = json.loads((tiny_run / "experiment.json").read_text())
    assert experiment["class_names"] == ["loud", "quiet"]
    assert set(experiment["data"]["files"]) == set(tiny_clips.recordings)
    rows = [json.loads(line) for line in (tiny_run / "metrics.jsonl").read_text().splitlines()]
    assert [(row["stage"], row["image"]) for row in rows] == [(0, 8), (0, 16), (1, 24), (1, 32), (2, 40), (2, 48)]
    assert all(np.isfinite(row["generator_loss"]) for row in rows)
    assert len(list((tiny_run / "samples").glob("stage_00002_*.png"))) == 2
    assert list(tiny_run.glob("events.out.tfevents*"))


def test_finished_run_started_again_changes_nothing(tiny_run, tiny_config, tiny_clips):
    before = {path: path.read_bytes() for path in tiny_run.rglob("*") if path.is_file()}
    train_gan(tiny_config, tiny_clips, tiny_run, Console())
    assert {path: path.read_bytes() for path in tiny_run.rglob("*") if path.is_file()} == before


def test_run_resumed_in_a_transition_equals_one_that_was_never_stopped(tiny_run, tiny_config, tiny_clips, tmp_path):
    folder = copy_up_to(tiny_run, tmp_path / "run", 24)
    with (folder / "metrics.jsonl").open("a") as file:
        file.write('{"stage": 2, "ima')
    (folder / "stage_00002" / "unfinished.tmp").write_bytes(b"half")
    train_gan(tiny_config, tiny_clips, folder, Console())
    assert run_differences(tiny_run, folder) == []
    assert not list(folder.rglob("unfinished.tmp"))


def test_differences_of_runs_show_a_single_bit(tiny_run, tmp_path):
    folder = copy_up_to(tiny_run, tmp_path / "run", 48)
    path = list_checkpoints(folder / "stage_00002")[-1]
    arrays = load_checkpoint(path)
    name = next(name for name in arrays if name.startswith("average/"))
    arrays[name].view(np.uint32).flat[0] ^= 1
    save_checkpoint(path.parent, checkpoint_image(path), arrays)
    (folder / "metrics.jsonl").write_text("")
    differences = run_differences(tiny_run, folder)
    assert differences[0] == f"stage_00002/{path.name}: 1 arrays differ, {name} for one"
    assert differences[1].startswith("metrics.jsonl: 6 and 0 lines") and len(differences) == 2


def test_damaged_checkpoint_is_put_aside_aloud_and_the_one_before_used(tiny_run, tiny_config, tiny_clips, tmp_path):
    folder = copy_up_to(tiny_run, tmp_path / "run", 48)
    newest = list_checkpoints(folder / "stage_00002")[-1]
    newest.write_bytes(newest.read_bytes()[:-1])
    output = io.StringIO()
    train_gan(tiny_config, tiny_clips, folder, Console(output))
    assert f"warning: {newest}: not a whole checkpoint" in output.getvalue()
    assert "resuming in stage 2 at image 40" in output.getvalue()
    assert newest.with_name(newest.name + ".damaged").exists()
    assert run_differences(tiny_run, folder) == []


def test_signal_saves_and_the_same_call_continues(tiny_run, tiny_config, tiny_clips, tmp_path):
    folder = copy_up_to(tiny_run, tmp_path / "run", 32)
    for picture in folder.glob("samples/*40.png"):
        picture.unlink()
    handler = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Interrupted, match="SIGTERM: stage 2, image 40, saved in") as caught:
        train_gan(tiny_config, tiny_clips, folder, StoppingConsole("stage 2 image        40", signal.SIGTERM))
    assert caught.value.signum == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is handler
    assert [checkpoint_image(path) for path in list_checkpoints(folder / "stage_00002")] == [40]
    assert not list(folder.glob("samples/*40.png")), "pictures were drawn before it stopped"
    train_gan(tiny_config, tiny_clips, folder, Console())
    assert run_differences(tiny_run, folder) == []


def test_checkpoints_by_the_clock_go_when_a_regular_one_is_there(
    tiny_run, tiny_config, tiny_clips, tmp_path, monkeypatch
):
    monkeypatch.setattr(saver, "MAX_SECONDS_UNSAVED", 0.0)
    saved = []
    save = saver.save_checkpoint

    def spy(stage_dir, image, *arguments):
        saved.append(image)
        return save(stage_dir, image, *arguments)

    monkeypatch.setattr(saver, "save_checkpoint", spy)
    train_gan(tiny_config, tiny_clips, tmp_path / "run", Console())
    assert set(saved) > {8, 16, 24, 32, 40, 48}
    assert run_differences(tiny_run, tmp_path / "run") == []


def test_run_whose_only_checkpoint_is_damaged_says_that_it_begins_anew(tiny_run, tiny_config, tiny_clips, tmp_path):
    folder = copy_up_to(tiny_run, tmp_path / "run", 16)
    for path in folder.glob("stage_*/*.npz"):
        path.write_bytes(path.read_bytes()[:-100])
    output = io.StringIO()
    train_gan(tiny_config, tiny_clips, folder, Console(output))
    assert "it is passed over" in output.getvalue()
    assert "warning: no checkpoint is left; the training begins anew" in output.getvalue()


def test_run_killed_before_its_first_checkpoint_reports_nothing_twice(tiny_run, tiny_config, tiny_clips, tmp_path):
    folder = copy_up_to(tiny_run, tmp_path / "run", 0)
    with pytest.raises(Interrupted):
        train_gan(tiny_config, tiny_clips, folder, StoppingConsole("stage 0 image         8", signal.SIGINT))
    assert [row["image"] for row in read_metrics(folder)] == [8]
    drawn_later = ("fake_images", "interp_images")
    expected = [event for event in read_events(tiny_run) if event[0] <= 8]
    assert read_events(folder) == [event for event in expected if event[0] < 8 or event[1] not in drawn_later]


def test_values_that_are_not_finite_stop_the_run_and_leave_the_good_checkpoint(
    tiny_run, tiny_config, tiny_clips, tmp_path
):
    folder = copy_up_to(tiny_run, tmp_path / "run", 16)
    bad = dataclasses.replace(tiny_clips, spectrograms=np.full_like(tiny_clips.spectrograms, np.nan))
    good = list_checkpoints(folder / "stage_00000")[-1]
    with pytest.raises(TrainingDiverged) as caught:
        train_gan(tiny_config, bad, folder, Console())
    assert re.match(r"stage 1: .*discriminator_loss is nan.* between the images 16 and 20", str(caught.value))
    assert str(caught.value).endswith(f"the last good checkpoint is {good}")
    assert not list_checkpoints(folder / "stage_00001")
    assert all(np.isfinite(array).all() for array in load_checkpoint(good).values())


def test_learning_rate_that_explodes_stops_the_run(tiny_config, tiny_clips, tmp_path):
    training = dataclasses.replace(tiny_config.training, discriminator_learning_rate=1e30)
    with pytest.raises(TrainingDiverged, match="stage 0: .* is (nan|inf|-inf|not finite)"):
        train_gan(dataclasses.replace(tiny_config, training=training), tiny_clips, tmp_path, Console())
    for path in list_checkpoints(tmp_path / "stage_00000"):
        assert all(np.isfinite(array).all() for array in load_checkpoint(path).values())


def test_second_process_in_the_folder_is_refused_and_writes_nothing(tiny_config, tiny_clips, tmp_path):
    with locked(tmp_path):
        before = sorted(tmp_path.iterdir())
        with pytest.raises(InputError, match=f"{tmp_path}: in use by process {os.getpid()} on "):
            train_gan(tiny_config, tiny_clips, tmp_path, Console(), open_log=pytest.fail)
        assert sorted(tmp_path.iterdir()) == before


def test_run_in_a_folder_that_cannot_be_made_is_bad_input(tiny_config, tiny_clips, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        train_gan(tiny_config, tiny_clips, tmp_path / "file" / "run", Console())


def test_reports_within_an_experiment_reach_the_terminal_once_per_stage(tiny_run):
    lines = [line for line in (tiny_run.parent / "output.txt").read_text().splitlines() if "images/s" in line]
    assert [line.split()[:4] for line in lines] == [
        ["stage", "0", "image", "16"], ["stage", "1", "image", "32"], ["stage", "2", "image", "48"]
    ]  # fmt: skip
    logged = [line for line in (tiny_run.parent / "log.txt").read_text().splitlines() if "images/s, left" in line]
    assert len(logged) == 6


def test_run_with_another_setting_is_refused_and_shows_it(tiny_run, tiny_config, tiny_clips):
    other = dataclasses.replace(tiny_config, network=dataclasses.replace(tiny_config.network, latent_vector_size=5))
    with pytest.raises(InputError, match="latent_vector_size: 4 -> 5"):
        train_gan(other, tiny_clips, tiny_run, Console())


def test_generated_clips_need_the_folder_alone_and_follow_the_seed(tiny_run, tmp_path):
    write_clips(load_generator(tiny_run), tmp_path / "s", samples_per_class=3, classes=("quiet",), seed=5)
    clips = read_synthetic(tmp_path / "s")
    assert clips.spectrograms.shape == (3, 4, 8, 1)
    assert clips.labels.tolist() == [1, 1, 1]
    trained = TrainedGansynth(tiny_run)
    assert clips.metadata["gan_sha256"] == trained.weights_sha256()
    trained.generator.trainable_variables[0].assign_add(np.float32(1e-3) * trained.generator.trainable_variables[0])
    assert clips.metadata["gan_sha256"] != trained.weights_sha256()
    trained = TrainedGansynth(tiny_run)
    again = trained.clips(np.array([1, 1, 1], np.int32), seed=5)
    np.testing.assert_allclose(clips.spectrograms, again, atol=2e-3)
    assert np.abs(again - trained.clips(np.array([1, 1, 1], np.int32), seed=6)).max() > 1e-3


def test_unknown_class_is_refused_with_the_nearest(tiny_run):
    with pytest.raises(InputError, match="did you mean 'quiet'"):
        TrainedGansynth(tiny_run).class_indices(("quite",))


def test_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected the folder of a trained GAN"):
        TrainedGansynth(tmp_path)
