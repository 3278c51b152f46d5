"""A whole tiny run: progressive growth, resume, and generation from its folder."""

import json

import numpy as np
import pytest

from gansynth_isa.config import DataConfig, FeatureConfig, GanConfig, NetworkConfig, TrainingConfig, resolve
from gansynth_isa.console import Console
from gansynth_isa.data.clip_set import ClipSet
from gansynth_isa.data.synthetic import read_synthetic
from gansynth_isa.errors import InputError
from gansynth_isa.training.checkpoints import list_checkpoints, load_checkpoint
from gansynth_isa.training.gan_loop import train_gan
from gansynth_isa.training.generation import TrainedGenerator, generate_to_folder

CONFIG = resolve(
    GanConfig(
        data=DataConfig(clip_seconds=0.1),
        features=FeatureConfig(mel_bins=8, frames=4),
        network=NetworkConfig(latent_vector_size=4, fmap_max=4, num_resolutions=2),
        training=TrainingConfig(
            batch_size_schedule=(4,),
            stable_stage_num_images=16,
            transition_stage_num_images=16,
            save_checkpoints_num_images=8,
            save_summaries_num_images=8,
        ),
    )
)


def _clips() -> ClipSet:
    log_mel = np.random.default_rng(0).normal(size=(6, 4, 8, 1)).astype(np.float32)
    names = tuple(f"{label}/{index}.wav" for label in ("quiet", "loud") for index in range(3))
    return ClipSet(
        log_mel=log_mel,
        labels=np.array([1, 1, 1, 0, 0, 0], np.int32),
        class_names=("loud", "quiet"),
        recordings=names,
        groups=names,
        splits=(None,) * 6,
        digests={name: f"{index:064d}" for index, name in enumerate(names)},
        num_ignored=0,
    )


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    path = tmp_path_factory.mktemp("run")
    train_gan(CONFIG, _clips(), str(path), Console())
    return path


def _last_arrays(path) -> dict[str, np.ndarray]:
    return load_checkpoint(list_checkpoints(path / "stage_00002")[-1])


def test_run_leaves_the_files_of_the_contract(run_dir):
    experiment = json.loads((run_dir / "experiment.json").read_text())
    assert experiment["class_names"] == ["loud", "quiet"]
    assert set(experiment["data"]["files"]) == set(_clips().recordings)
    rows = [json.loads(line) for line in (run_dir / "metrics.jsonl").read_text().splitlines()]
    assert [(row["stage"], row["image"]) for row in rows] == [(0, 8), (0, 16), (1, 24), (1, 32), (2, 40), (2, 48)]
    assert all(np.isfinite(row["generator_loss"]) for row in rows)
    assert len(list((run_dir / "samples").glob("stage_00002_*.png"))) == 2
    assert list(run_dir.glob("events.out.tfevents*"))


def test_finished_run_started_again_changes_nothing(run_dir):
    before = {path: path.read_bytes() for path in run_dir.rglob("*") if path.is_file()}
    train_gan(CONFIG, _clips(), str(run_dir), Console())
    assert {path: path.read_bytes() for path in run_dir.rglob("*") if path.is_file()} == before


def test_run_resumed_within_a_stage_ends_with_the_same_weights(run_dir, tmp_path):
    train_gan(CONFIG, _clips(), str(tmp_path), Console())
    for path in [list_checkpoints(tmp_path / "stage_00001")[-1], *list_checkpoints(tmp_path / "stage_00002")]:
        path.unlink()
    train_gan(CONFIG, _clips(), str(tmp_path), Console())
    expected, resumed = _last_arrays(run_dir), _last_arrays(tmp_path)
    for name, array in expected.items():
        np.testing.assert_array_equal(resumed[name], array, err_msg=name)


def test_run_with_another_setting_is_refused_and_shows_it(run_dir):
    other = resolve(
        GanConfig(
            CONFIG.data,
            CONFIG.features,
            NetworkConfig(latent_vector_size=5, fmap_max=4, num_resolutions=2),
            CONFIG.training,
        )
    )
    with pytest.raises(InputError, match="latent_vector_size: 4 -> 5"):
        train_gan(other, _clips(), str(run_dir), Console())


def test_generated_clips_need_the_folder_alone_and_follow_the_seed(run_dir, tmp_path):
    generate_to_folder(run_dir, tmp_path / "s", samples_per_class=3, classes=("quiet",), seed=5)
    clips = read_synthetic(tmp_path / "s")
    assert clips.log_mel.shape == (3, 4, 8, 1)
    assert clips.labels.tolist() == [1, 1, 1]
    trained = TrainedGenerator(run_dir)
    again = trained.generate(np.array([1, 1, 1], np.int32), seed=5)
    np.testing.assert_allclose(clips.log_mel, again, atol=2e-3)
    assert np.abs(again - trained.generate(np.array([1, 1, 1], np.int32), seed=6)).max() > 1e-3


def test_unknown_class_is_refused_with_the_nearest(run_dir):
    with pytest.raises(InputError, match="did you mean 'quiet'"):
        TrainedGenerator(run_dir).class_indices(("quite",))


def test_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected the folder of a trained GAN"):
        TrainedGenerator(tmp_path)
