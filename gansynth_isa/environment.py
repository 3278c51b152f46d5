"""What of a person's other projects could reach in, and is kept out: variables, settings files, filters of warnings.

Results depend on flags and files that a command names, and on the machine, not on what lies in a shell's start-up file
or in a home directory. `settle` is called before the libraries are imported, for most of them read variables then;
what cannot be overruled is refused in one line. `settle_program` does the same for a program or notebook of a person's
own, and leaves to it what does not decide results.
"""

import os
import sys
import warnings
from collections.abc import MutableMapping
from pathlib import Path

from gansynth_isa.errors import InputError

# Variables of libraries that this package uses, by how their names begin.
PREFIXES = (
    "TF_", "TF2_", "TFIO_", "XLA_", "KERAS_", "ONEDNN_", "DNNL_", "NVIDIA_TF32_", "MPLBACKEND", "MATPLOTLIBRC",
    "MPL_IGNORE_SYSTEM_FONTS", "TQDM_", "NPY_", "SCIPY_", "SKLEARN_", "LIBROSA_", "PROTOCOL_BUFFERS_", "PYTHONWARNINGS",
)  # fmt: skip
# Those of them that decide what is drawn or said, not what comes out: a program of a person's own keeps them.
NO_RESULTS = ("MPLBACKEND", "MATPLOTLIBRC", "MPL_IGNORE_SYSTEM_FONTS", "TQDM_", "PYTHONWARNINGS")
# Those that say what the machine has, who works with whom, or what is said, and may stay.
KEPT = (
    "TF_NUM_", "TF_CPP_", "TF_GPU_", "TF_CUDA_", "TF_CONFIG", "TF_FORCE_GPU_ALLOW_GROWTH",
    "TF_PER_DEVICE_MEMORY_LIMIT_MB", "TF_DEVICE_MIN_SYS_MEMORY_IN_MB",
    # Terraform's, which TensorFlow does not read.
    "TF_VAR_", "TF_CLI_", "TF_LOG", "TF_WORKSPACE", "TF_DATA_DIR", "TF_IN_AUTOMATION", "TF_PLUGIN_CACHE_DIR",
)  # fmt: skip
SET_BY_TENSORFLOW = ("TF2_BEHAVIOR", "1")  # when it is imported
CUDA_PLACE = "--xla_gpu_cuda_data_dir="  # the one part of XLA_FLAGS that says something about the machine
NOWHERE = os.path.join(os.devnull, "keras")  # can be neither read nor made
SETTLED = {"KERAS_BACKEND": "tensorflow", "KERAS_HOME": NOWHERE}
KERAS_DEFAULTS = {
    "backend": "tensorflow",
    "floatx": "float32",
    "image_data_format": "channels_last",
    "epsilon": 1e-7,
    "max_epochs": None,
    "max_steps_per_epoch": None,
}


def settle(variables: MutableMapping[str, str] = os.environ) -> list[str]:
    """Makes this process, and those that it starts, independent of a person's other projects.

    Args:
      variables: the environment; changed.

    Returns:
      The names of variables that were there and no longer count.

    Raises:
      InputError: names of files are not UTF-8 here, or Python leaves out the documentation that commands show.
    """
    _check_python()
    ignored = _foreign(variables)
    _settle_variables(variables, ignored)
    _forget_filters_of_warnings()
    _forget_working_directory()
    return ignored


def settle_program(variables: MutableMapping[str, str] = os.environ) -> str | None:
    """Makes results in a program of a person's own independent of their other projects, as far as can still be done.

    Before TensorFlow and Keras are imported the variables that decide results are changed as `settle` does; what the
    program draws and warns of is left alone. Afterwards nothing is changed.

    Args:
      variables: the environment; changed.

    Returns:
      One line on the variables that were there: that they no longer count, or that they do; None without any.

    Raises:
      InputError: names of files are not UTF-8 here, or Python leaves out the documentation that libraries need.
    """
    _check_python()
    foreign = [
        name
        for name in _foreign(variables)
        if not name.startswith(NO_RESULTS) and (name, variables[name]) != SET_BY_TENSORFLOW
    ]
    if not {"tensorflow", "keras"} & set(sys.modules):
        _settle_variables(variables, foreign)
        effect = "removed or replaced, so that results do not depend on them"
    else:
        # What Keras' variables did, `check_keras` sees.
        foreign = [name for name in foreign if not name.startswith("KERAS_")]
        effect = "may change results: TensorFlow or Keras was imported before gansynth_isa could leave them out"
    return f"variables of other projects: {', '.join(foreign)}: {effect}" if foreign else None


def _check_python() -> None:
    if sys.getfilesystemencoding().lower() != "utf-8":
        raise InputError(
            f"locale: expected UTF-8 for names of files, got {sys.getfilesystemencoding()}; set PYTHONUTF8=1"
        )
    if sys.flags.optimize > 1:
        raise InputError("PYTHONOPTIMIZE: expected 0 or 1 (the libraries need their documentation), got 2")


def _foreign(variables: MutableMapping[str, str]) -> list[str]:
    """Names of the variables that are there and must not count."""
    replaced = _replacements(variables)
    return [
        name
        for name, value in sorted(variables.items())
        if name.startswith(PREFIXES) and not name.startswith(KEPT) and value != replaced.get(name)
    ]


def _settle_variables(variables: MutableMapping[str, str], foreign: list[str]) -> None:
    replaced = _replacements(variables)
    for name in foreign:
        del variables[name]
    variables.update(replaced)


def _replacements(variables: MutableMapping[str, str]) -> dict[str, str]:
    """The variables that are set to values of this package, and those values."""
    cuda_places = [part for part in variables.get("XLA_FLAGS", "").split() if part.startswith(CUDA_PLACE)]
    return {**SETTLED, **({"XLA_FLAGS": " ".join(cuda_places)} if cuda_places else {})}


def _forget_filters_of_warnings() -> None:
    """A warning that PYTHONWARNINGS or -W turns into an error would end a command at the first library's import."""
    if sys.warnoptions:
        sys.warnoptions.clear()  # processes that are started get these too
        warnings.resetwarnings()
        for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)


def _forget_working_directory() -> None:
    """`python -m` looks for modules in the working directory first, where a person may have a `keras` of their own."""
    started = getattr(sys.modules["__main__"], "__spec__", None)
    package = str(Path(__file__).resolve().parent)
    if started and started.name.startswith("gansynth_isa.") and sys.path[0] == os.getcwd() != os.path.dirname(package):
        del sys.path[0]


def check_keras() -> None:
    """Refuses settings of Keras that would silently change networks which are made or asked in this process.

    `settle` keeps them out of the commands; a program of one's own may have read a keras.json, or set them.

    Raises:
      InputError: names the setting.
    """
    import keras

    for name, expected in KERAS_DEFAULTS.items():
        value = getattr(keras.config, name)()
        if value != expected:
            raise InputError(
                f"keras.config.{name}(): expected {expected!r}, got {value!r}; it comes from ~/.keras/keras.json, a "
                f"variable KERAS_..., or keras.config.set_{name} in this program"
            )
    policy = keras.config.dtype_policy().name
    if policy != "float32":
        raise InputError(f"keras.config.dtype_policy(): expected 'float32', got {policy!r}")


def open_streams() -> None:
    """Makes standard streams usable: closed ones lead nowhere, and what cannot be encoded is written as an escape."""
    for descriptor, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:  # else the next file that is opened would get the number, and what is printed
            os.dup2(os.open(os.devnull, mode), descriptor)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (stays open)
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
