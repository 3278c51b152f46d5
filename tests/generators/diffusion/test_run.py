"""Whole runs of seconds: what they leave, how they go on, and how they stop."""

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
from gansynth_isa.errors import InputError, Interrupted, TrainingDiverged, UnfitClips
from gansynth_isa.generators.base import Surroundings
from gansynth_isa.generators.diffusion.description import DiffusionDescription
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.runs.checkpoints import checkpoint_image, list_checkpoints, load_checkpoint

KIND = kind_named("diffusion")


class StoppingConsole(Console):
    """Sends this process a signal when a line with a certain text is logged."""

    def __init__(self, text):
        super().__init__(io.StringIO())
        self._text = text

    def log(self, text):
        if self._text in text:
            os.kill(os.getpid(), signal.SIGTERM)


def go_on(folder, training, console=None):
    surroundings = Surroundings(console or Console(io.StringIO()), show_reports=False)
    KIND.fit(DiffusionDescription.in_folder(folder).config, training, 3, folder, surroundings)


def copy_up_to(run, folder, image):
    """A copy of a run as a kill leaves it: the checkpoints up to `image`, and all that was reported later."""
    shutil.copytree(run, folder)
    for path in folder.glob("stage_*/checkpoint-*.npz"):
        if checkpoint_image(path) > image:
            path.unlink()
    return folder


def test_run_leaves_reports_pictures_curves_and_checkpoints(finished, latents):
    rows, events = read_metrics(finished), {tag for _, tag, _ in read_events(finished)}
    ends = [8, 16, 24, 32] if latents == "autoencoder" else [8, 16]
    assert [row["image"] for row in rows] == ends
    assert all(np.isfinite(value) for row in rows for value in row.values())
    # Noise levels above 1 are a sixth of those drawn: of 8 there may be none.
    of_levels = {"loss", "loss_below_0.1", "loss_0.1_to_0.3", "loss_0.3_to_1", "loss_above_1"}
    assert "loss" in rows[-1] and len(of_levels & rows[-1].keys()) > 2
    assert [path.name[-9:] for path in sorted(finished.glob("samples/*.png"))] == [f"{end:05d}.png" for end in ends]
    assert {"losses/loss", "fake_images"} <= events
    assert ("losses/reconstruction" in events) == (latents == "autoencoder") == ("returned_images" in events)


@pytest.mark.parametrize("image", [0, 8, 16])
def test_run_that_was_killed_ends_with_the_bits_of_one_that_was_not(finished, training, tmp_path, latents, image):
    first = 16 if latents == "autoencoder" else 0
    folder = copy_up_to(finished, tmp_path / "run", first + image if image else image)
    if image == 16 and first:  # the last checkpoint is that of the autoencoder's end
        folder = copy_up_to(finished, tmp_path / "other", 16)
    with (folder / "metrics.jsonl").open("a") as file:
        file.write('{"stage": 2, "ima')
    go_on(folder, training)
    assert run_differences(finished, folder) == []


def test_signal_saves_and_the_same_call_continues(finished, training, tmp_path, latents):
    image = 24 if latents == "autoencoder" else 8
    folder = copy_up_to(finished, tmp_path / "run", image - 8)
    for picture in folder.glob(f"samples/*{image:05d}.png"):
        picture.unlink()
    with pytest.raises(Interrupted, match=f"SIGTERM: stage {image // 24}, image {image}, saved in"):
        go_on(folder, training, StoppingConsole(f"image        {image:2d}"))
    go_on(folder, training)
    assert run_differences(finished, folder) == []


def test_values_that_are_not_finite_stop_the_run_and_nothing_is_saved(
    training, diffusion_config, tmp_path, surroundings
):
    config = diffusion_config(diffusion_learning_rate=1e30, diffusion_latents="components", diffusion_images=64)
    with pytest.raises(TrainingDiverged, match="loss.* is (nan|inf)|is not finite"):
        KIND.fit(config, training, 3, tmp_path / "run", surroundings)
    for path in list_checkpoints(tmp_path / "run" / "stage_00000"):
        assert all(np.isfinite(array).all() for array in load_checkpoint(path).values())


def test_moving_average_is_not_the_last_weights(finished):
    last = list_checkpoints(sorted(finished.glob("stage_*"))[-1])[-1]
    arrays = load_checkpoint(last)
    assert np.abs(arrays["trained/exit/bias"] - arrays["average/exit/bias"]).max() > 0


def test_unfinished_run_is_refused(finished, tmp_path):
    folder = copy_up_to(finished, tmp_path / "run", 8)
    with pytest.raises(InputError, match="training is not finished"):
        KIND.load(folder, print)


def test_edited_folder_is_refused(finished, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(finished, folder)
    text = (folder / "experiment.json").read_text()
    (folder / "experiment.json").write_text(re.sub('"diffusion_filters": 4', '"diffusion_filters": 6', text))
    with pytest.raises(InputError, match="checkpoint: expected an array average/"):
        KIND.load(folder, print)
    values = json.loads(text)
    values["configuration"]["features"]["frames"] = None
    (folder / "experiment.json").write_text(json.dumps(values))
    with pytest.raises(InputError, match="damaged"):
        KIND.load(folder, print)


def test_components_of_a_single_clip_are_refused_before_anything_is_written(
    training, diffusion_config, tmp_path, surroundings
):
    single = dataclasses.replace(training, clips=training.clips.select([0]))
    with pytest.raises(UnfitClips, match="expected two clips or more for principal components, got one"):
        KIND.fit(diffusion_config(diffusion_latents="components"), single, 0, tmp_path / "run", surroundings)
    assert not (tmp_path / "run").exists()
