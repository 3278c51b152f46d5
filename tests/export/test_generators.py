"""Exported generators of every kind that can be exported, against what the package makes."""

import numpy as np
import pytest
import tensorflow as tf

from gansynth_isa.console import Console
from gansynth_isa.export.exporting import export_generator
from gansynth_isa.generators.base import Surroundings, TrainingData
from gansynth_isa.generators.diffusion.config import DiffusionConfig
from gansynth_isa.generators.gansynth.config import GansynthConfig
from gansynth_isa.generators.generation import load_generator
from gansynth_isa.generators.registry import kind_named


@pytest.fixture(scope="module", params=["gansynth", "gaussian", "transfer", "smote", "diffusion"])
def trained(request, tiny_config, tiny_clips, tmp_path_factory):
    kind = kind_named(request.param)
    config = {
        "gansynth": GansynthConfig(tiny_config.network, tiny_config.training),
        "diffusion": DiffusionConfig(
            diffusion_filters=4, diffusion_autoencoder_filters=2, diffusion_images=64, diffusion_autoencoder_images=32
        ),
    }.get(kind.name, kind.config_class())
    config = config if kind.name == "gansynth" else kind.resolve(config, tiny_config.features)
    folder = tmp_path_factory.mktemp(kind.name) / "run"
    training = TrainingData(tiny_clips, tiny_config.data, tiny_config.features)
    kind.fit(config, training, 0, folder, Surroundings(Console(), show_reports=False))
    return load_generator(folder, for_export=True)


def test_saved_model_makes_any_number_of_clips_of_the_package(trained, tmp_path):
    export_generator(trained, "saved_model", tmp_path / "X")
    generate = tf.saved_model.load(str(tmp_path / "X")).signatures["generate"]
    for num_clips in (1, 32, 33, 70):
        labels = (np.arange(num_clips) % 2).astype(np.int32)
        clips = generate(class_index=tf.constant(labels), seed=tf.constant(7))["log_mel"].numpy()
        np.testing.assert_allclose(clips, trained.clips(labels, seed=7), atol=1e-4)
