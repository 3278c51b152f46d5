"""What all tests share: a quiet TensorFlow on few threads, and the recordings that lie beside the repository."""

import os
import signal
import warnings
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
for _threads in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "2")

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
