"""What all tests share: a quiet TensorFlow on few threads, and the recordings that lie beside the repository."""

import os
import signal
import warnings
from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.environment import settle

settle()
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Processes that share the suite between them (pytest-xdist) compute on a core each.
_num_threads = "1" if "PYTEST_XDIST_WORKER" in os.environ else "2"
for _threads in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, _num_threads)
# One thread could not wait for another replica and run it, too.
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "2")

# A shell without job control lets what it runs in the background ignore SIGINT, and nohup SIGHUP; both would be
# inherited by the processes that tests interrupt.
for _signum, _handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_signum) == signal.SIG_IGN:
        signal.signal(_signum, _handler)

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder `shared` with real recordings and reference tensors; its absence skips the test aloud."""
    path = Path(os.environ.get("GANSYNTH_ISA_SHARED", REPOSITORY.parent / "shared"))
    if not path.is_dir():
        message = f"{path} is not there: tests on real recordings do not run; set GANSYNTH_ISA_SHARED to their folder"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def bulk_material(shared_dir):
    """The data settings of flags/bulk_material.flags for the real recordings of that name."""
    from gansynth_isa.config import DataConfig

    return DataConfig(
        data_dir=str(shared_dir / "data" / "bulk_material"),
        file_pattern=r"(?P<label>\w+)_(?P<group>\d)\.wav",
        clip_seconds=0.4,
        channels="each",
        min_clip_dbfs=-48.0,
    )


@pytest.fixture(scope="session")
def clips():
    """3 groups x 2 classes x 4 clips of shape (4, 4, 1); class and group can be read off the values."""
    from gansynth_isa.data.clip_sets.clip_set import ClipSet

    names = [(group, label, index) for group in "123" for label in (0, 1) for index in range(4)]
    recordings = tuple(f"{'ab'[label]}_{group}.wav" for group, label, _ in names)
    return ClipSet(
        spectrograms=np.array([np.full((4, 4, 1), label + int(group) / 10) for group, label, _ in names], np.float32),
        labels=np.array([label for _, label, _ in names], np.int32),
        class_names=("a", "b"),
        recordings=recordings,
        groups=tuple(group for group, _, _ in names),
        splits=(None,) * len(names),
        digests={path: f"digest of {path}" for path in recordings},
    )


@pytest.fixture(scope="session")
def tiny_config():
    """A GAN of seconds: three stages of 16 images, batches of 4, checkpoints and reports every 8 images."""
    from gansynth_isa.config import DataConfig, FeatureConfig
    from gansynth_isa.generators.gansynth.config import GanConfig, NetworkConfig, TrainingConfig
    from gansynth_isa.generators.gansynth.resolution import resolve

    return resolve(
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


@pytest.fixture(scope="session")
def tiny_clips():
    """Three clips each of two classes, of noise."""
    from gansynth_isa.data.clip_sets.clip_set import ClipSet

    names = tuple(f"{label}/{index}.wav" for label in ("quiet", "loud") for index in range(3))
    return ClipSet(
        spectrograms=np.random.default_rng(0).normal(size=(6, 4, 8, 1)).astype(np.float32),
        labels=np.array([1, 1, 1, 0, 0, 0], np.int32),
        class_names=("loud", "quiet"),
        recordings=names,
        groups=names,
        splits=(None,) * 6,
        digests={name: f"{index:064d}" for index, name in enumerate(names)},
        num_ignored=0,
    )


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory, tiny_config, tiny_clips):
    """Folder of a finished run, beside log.txt and output.txt; tests must not change it."""
    from gansynth_isa.console import Console
    from gansynth_isa.generators.gansynth.training.run import train_gan

    folder = tmp_path_factory.mktemp("tiny")
    with (folder / "output.txt").open("w") as output:
        console = Console(output)
        console.open_log(folder / "log.txt")
        train_gan(tiny_config, tiny_clips, folder / "run", console, show_reports=False)
        console.close()
    return folder / "run"


@pytest.fixture(scope="module")
def toy():
    """A kind of generator that the package does not know, registered while the tests of a module run."""
    import importlib.util

    from gansynth_isa.generators import registry

    path = REPOSITORY / "tests" / "generators" / "toy_kind.py"
    spec = importlib.util.spec_from_file_location("toy_kind", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_registered", dict(registry._registered))
        registry.register(module.ToyKind())
        yield module.ToyKind()


@pytest.fixture(scope="session")
def make_clips():
    """A function of (clips per class, seed): clips of three classes, noise around spectra that differ, with levels of
    their own; a small network learns them in seconds."""
    from gansynth_isa.data.clip_sets.clip_set import ClipSet

    def make(per_class, seed):
        rng = np.random.default_rng(seed)
        labels = np.repeat(np.arange(3), per_class).astype(np.int32)
        spectra = np.stack([np.roll(np.hanning(16), shift) for shift in (5, -5, 0)])[labels]
        levels = rng.normal(0, 0.5, (len(labels), 1, 1))
        values = 2 * spectra[:, np.newaxis] + levels + rng.normal(0, 0.5, (len(labels), 8, 16))
        names = tuple(f"{seed}-{number}.wav" for number in range(len(labels)))
        return ClipSet(
            values[..., np.newaxis].astype(np.float32),
            labels,
            ("high", "low", "middle"),
            names,
            names,
            (None,) * len(names),
            dict.fromkeys(names, "digest"),
        )

    return make


@pytest.fixture(scope="session")
def as_synthetic():
    """A function of a clip set: its clips as if a generator had made them, perhaps under other class names."""
    from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips

    def convert(clips, class_names=None):
        return SyntheticClips(clips.spectrograms, clips.labels, class_names or clips.class_names, {})

    return convert


@pytest.fixture(scope="session")
def quick_classifier():
    """Settings of a classifier that learns the clips of `make_clips` in a second."""
    from gansynth_isa.config import ClassifierConfig

    return ClassifierConfig(classifier_steps=40, classifier_batch_size=24, classifier_learning_rate=0.02)
