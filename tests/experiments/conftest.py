"""An experiment of seconds."""

from pathlib import Path

import pytest

from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GridConfig
from gansynth_isa.experiments.config import ExperimentConfig
from gansynth_isa.experiments.rows.files import read_rows
from gansynth_isa.generators.gansynth.config import GansynthConfig, NetworkConfig, TrainingConfig
from gansynth_isa.generators.registry import kind_named


@pytest.fixture(scope="session")
def tiny_experiment() -> ExperimentConfig:
    """Two GANs and four classifiers on `clips`, each of them a matter of seconds."""
    data = DataConfig(dataset_name="tiny", clip_seconds=0.05, test_groups=("3",))
    features = FeatureConfig(mel_bins=4, frames=4)
    gan = GansynthConfig(
        NetworkConfig(num_resolutions=1, start_height=4, start_width=4, fmap_max=4, latent_vector_size=4),
        TrainingConfig(stable_stage_num_images=64),
    )
    return ExperimentConfig(
        data=data,
        features=features,
        generators={"gansynth": kind_named("gansynth").resolve(gan, features)},
        classifier=ClassifierConfig(classifier_steps=3, trial_seed=5),
        grid=GridConfig(levels=(2, 4), methods=("baseline", "gan"), trials=1, samples_per_class=4),
    )


@pytest.fixture(scope="session")
def rows_without_times():
    """Gives the rows of both files of an experiment without their minutes, in an order of their own."""

    def read(folder: Path) -> list[str]:
        rows = [row for name in ("results.jsonl", "gans.jsonl") for row in read_rows(folder / name)]
        return sorted(str({name: value for name, value in row.items() if name != "minutes"}) for row in rows)

    return read
