"""Flag files: `--flagfile=NAME` on a command line, and in flag files, replaced by the flags that the file holds.

A name is the path of a file, or that of a flag file that is installed with the package, with or without `.flags`.
A file that exists wins. The rules of absl hold: each line is a flag, `#` and `//` begin a comment, the flags take the
place of the `--flagfile` that names them, and of two that set the same value the later one wins.
"""

import codecs
import importlib.resources
import os
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from gansynth_isa.errors import InputError, nearest

SUFFIX = ".flags"
MAX_NESTED = 20
_FOLDER = importlib.resources.files("gansynth_isa") / "flag_files"
_DIRECTIVES = ("--flagfile", "-flagfile")
_ENCODINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def packaged_names() -> tuple[str, ...]:
    """Names of the flag files that are installed with the package, without `.flags`, in alphabetical order."""
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in _FOLDER.iterdir() if file.name.endswith(SUFFIX)))


def expand_flag_files(arguments: Sequence[str]) -> list[str]:
    """The arguments of a command with each `--flagfile` replaced by the flags in its file.

    Args:
      arguments: what stands behind the program's name. What follows `--` is left as it is.

    Raises:
      InputError: a flag file that does not exist, cannot be read or decoded, or includes itself; or too long a chain.
    """
    arguments = list(arguments)
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [*_expand(arguments[:end], ()), *arguments[end:]]


def _expand(arguments: Sequence[str], opened: tuple[str, ...]) -> list[str]:
    """Expands arguments that stand in the last of the files `opened`, which is read for the one before it."""
    expanded, rest = [], iter(arguments)
    for argument in rest:
        directive, has_value, name = argument.partition("=")
        if directive not in _DIRECTIVES:
            expanded.append(argument)
            continue
        name = os.path.expanduser((name if has_value else next(rest, "")).strip())
        if not name:
            raise InputError(f"flagfile: expected a file, or one of {', '.join(packaged_names())}; got nothing")
        file = _find(name)
        if str(file) in opened:
            raise InputError(f"flagfile: {name}: includes itself by way of {opened[-1]}")
        if len(opened) == MAX_NESTED:
            raise InputError(
                f"flagfile: {name}: expected at most {MAX_NESTED} flag files, each named by the one before"
            )
        expanded += _expand(_flag_lines(file, name), (*opened, str(file)))
    return expanded


def _find(name: str) -> Traversable:
    """The file that `name` means. A folder is no file: recordings may lie in a folder that is called `demo`."""
    path = Path(name)
    try:
        if path.exists() and not path.is_dir():  # a pipe of the shell will do
            return path.resolve() if path.is_file() else path
    except OSError as error:
        raise InputError(f"flagfile: {name}: cannot be read: {error.strerror or error}") from None
    known = packaged_names()
    if name.removesuffix(SUFFIX) in known:
        return _FOLDER / f"{name.removesuffix(SUFFIX)}{SUFFIX}"
    hint = nearest(path.name.removesuffix(SUFFIX), known) or f"; packaged are {', '.join(known)}"
    raise InputError(f"flagfile: {name}: no such file, and no flag file of the package{hint}")


def _flag_lines(file: Traversable, name: str) -> list[str]:
    """The lines of a flag file without comments and empty ones."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"flagfile: {name}: cannot be read: {error.strerror or error}") from None
    lines = [line.strip() for line in _decoded(data, name).replace("\r", "\n").split("\n")]
    return [line for line in lines if line and not line.startswith(("#", "//"))]


def _decoded(data: bytes, name: str) -> str:
    """The text of a flag file. Windows' editors and shells begin theirs with a byte order mark."""
    encoding = next((encoding for mark, encoding in _ENCODINGS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # of a binary file, or of UTF-16 without its mark
        raise InputError(f"flagfile: {name}: expected text in UTF-8, or in UTF-16 with a byte order mark")
    return text
