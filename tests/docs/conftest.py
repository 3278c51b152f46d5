"""Tiny folders that stand for the placeholders of the documented commands: RECORDINGS, GAN, SYNTHETIC, CLASSIFIER."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
import tensorflow as tf

from gansynth_isa.cli import classify, generate, import_clips, train
from gansynth_isa.cli.runtime import run_command

# Of whatever flag file, all is as small as it gets; shapes of clips stay, for commands check them against each other.
TINY = (
    "--num_resolutions=1",
    "--start_height=32",
    "--start_width=128",
    "--fmap_max=2",
    "--stable_stage_num_images=8",
    "--classifier_steps=2",
    "--feature_cache_dir=",
)
BULK = ("--flagfile=bulk_material", "--test_groups=1", "--clips_per_class=9")
FOLDER = ("--flagfile=folder_two_cores",)
PUCKS_CLASSES = ("abs", "petg", "pla", "tpu", "no_impacts")


class Stand:
    """Folders of tiny recordings, and of what was trained on them, made when they are asked for."""

    def __init__(self, root: Path):
        self.root = root
        self.recordings = cache(self._recordings)
        self.gan = cache(self._gan)
        self.synthetic = cache(self._synthetic)
        self.classifier = cache(self._classifier)
        self.embedding_model = cache(self._embedding_model)
        self.imported = cache(self._imported)

    def _recordings(self, kind: str) -> Path:
        """Noise in the layout of 'bulk', 'impacts', 'pucks', or 'balls', which is that of any folder too."""
        names = {
            "balls": [f"{side}/{name}/{name}_{i}" for side in ("train", "test") for name in _BALLS for i in range(2)],
            "bulk": [f"{name}_{i}" for name in ("screws", "spheres") for i in (1, 2, 3, 4)],
            "impacts": [f"{name}/{name}_{floor}F_00m_{i}" for name in _IMPACTS for floor in (1, 2, 3) for i in (1, 2)],
            "pucks": [
                f"{side}/{name}/{name}_vol.{volume}_0"
                for side, volume in (("train", "050"), ("test", "100"))
                for name in PUCKS_CLASSES
            ],
        }[kind]
        seconds, channels = {"balls": (0.4, 1), "bulk": (0.8, 2), "impacts": (1.5, 1), "pucks": (5.0, 1)}[kind]
        rng = np.random.default_rng(0)
        for name in names:
            path = self.root / kind / f"{name}.{'flac' if kind == 'impacts' else 'wav'}"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, rng.normal(size=(round(44100 * seconds), channels)) / 10, 44100)
        return self.root / kind

    def _gan(self, kind: str) -> Path:
        return self._made(train.main, kind, "--train_root_dir", f"gan_{kind}", *self._tiny(kind))

    def _synthetic(self, kind: str) -> Path:
        flags = (f"--train_root_dir={self.gan(kind)}", "--samples_per_class=2")
        return self._made(generate.main, kind, "--output_dir", f"synthetic_{kind}", *flags)

    def _classifier(self, kind: str) -> Path:
        return self._made(classify.main, kind, "--output_dir", f"classifier_{kind}", *self._tiny(kind))

    def _embedding_model(self, kind: str) -> Path:
        """A SavedModel: the level of a waveform."""
        spec = tf.TensorSpec((None,), tf.float32, name="waveform")
        module = tf.Module()
        module.level = tf.function(lambda waveform: {"level": tf.reduce_mean(waveform[None] ** 2, 1)}, [spec])
        tf.saved_model.save(module, str(self.root / "model"), signatures=module.level)
        return self.root / "model"

    def _imported(self, kind: str) -> Path:
        files = ("--source=noise", f"--input_dir={self.recordings(kind)}")
        return self._made(import_clips.main, kind, "--output_dir", f"imported_{kind}", *FOLDER, *files)

    def _tiny(self, kind: str) -> tuple[str, ...]:
        return (*(BULK if kind == "bulk" else FOLDER), f"--data_dir={self.recordings(kind)}", *TINY)

    def _made(self, main, kind: str, flag: str, name: str, *arguments: str) -> Path:
        assert run_command(main, ["command", f"{flag}={self.root / name}", *arguments]) == 0, (kind, name)
        return self.root / name


_BALLS = ("broken", "coated", "eloxed")
_IMPACTS = ("ball_drop", "hammering")


@pytest.fixture(scope="session")
def stand(tmp_path_factory) -> Stand:
    """The folders of this test session."""
    return Stand(tmp_path_factory.mktemp("stand"))
