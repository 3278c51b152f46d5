"""What is on the test side, and how it is labelled, changes nothing of a training and of what it says of itself."""

import shutil

import numpy as np
import pytest
import soundfile

from gansynth_isa.checks.crash_battery import run_differences
from gansynth_isa.cli import train
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls
from gansynth_isa.runs.checkpoints import list_checkpoints, load_checkpoint

SIZE = (
    "--dataset=mb", "--mel_bins=8", "--num_resolutions=2", "--start_height=16", "--start_width=4", "--fmap_max=4",
    "--latent_vector_size=8", "--stable_stage_num_images=16", "--transition_stage_num_images=16",
    "--moving_average_half_life_images=8", "--clips_per_class=4", "--feature_cache_dir=",
)  # fmt: skip


def change_test_side(recordings):
    """Gives the test files of each class to the next one, and noise for the first of each."""
    folders = sorted((recordings / "test").iterdir())
    parked = recordings / "parked"
    parked.mkdir()
    for folder in folders:
        shutil.move(folder, parked / folder.name)
    for folder, name in zip(folders, [*folders[1:], folders[0]], strict=True):
        shutil.move(parked / folder.name, name)
        path = sorted(name.glob("*.wav"))[0]
        soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 17640), 44100, subtype="PCM_16")
    parked.rmdir()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["gansynth", "gaussian"])
def test_permuted_labels_and_content_of_the_test_side_change_no_bit_of_a_training(kind, tmp_path):
    recordings = tmp_path / "recordings"
    simulate_balls(recordings, train_files_per_class=5, test_files=6)
    before = {path: path.read_bytes() for path in (recordings / "test").rglob("*.wav")}
    arguments = ["train", *SIZE, f"--generator={kind}", f"--data_dir={recordings}"]
    assert run_command(train.main, [*arguments, f"--train_root_dir={tmp_path / 'one'}"]) == 0
    change_test_side(recordings)
    assert {path: path.read_bytes() for path in (recordings / "test").rglob("*.wav")} != before
    assert run_command(train.main, [*arguments, f"--train_root_dir={tmp_path / 'two'}"]) == 0
    if kind == "gansynth":
        assert '"instruments"' in (tmp_path / "one" / "metrics.jsonl").read_text()
        assert run_differences(tmp_path / "one", tmp_path / "two") == []
    else:
        one, two = (load_checkpoint(list_checkpoints(tmp_path / name / "model")[-1]) for name in ("one", "two"))
        assert one.keys() == two.keys()
        for name in one:
            np.testing.assert_array_equal(one[name], two[name])
