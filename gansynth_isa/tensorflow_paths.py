"""Paths for TensorFlow, which reads some of them as patterns: in `run [1]` it looks for `run 1`."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gansynth_isa.errors import InputError

PATTERN_LETTERS = frozenset("*?[]\\")


@contextlib.contextmanager
def literal_path(folder: Path) -> Iterator[Path]:
    """A path of `folder` that holds no letters of patterns: its own, or that of a temporary link to it.

    Args:
      folder: exists.

    Raises:
      InputError: every place for temporary files has such letters in its name.
    """
    if _is_literal(str(folder)):
        yield folder
        return
    with tempfile.TemporaryDirectory(dir=_literal_place()) as place:
        link = Path(place) / "link"
        try:
            link.symlink_to(folder.resolve(), target_is_directory=True)
        except OSError:  # Windows lets only some users make links
            shutil.copytree(folder, link)
        yield link


def _literal_place() -> str:
    places = [tempfile.gettempdir(), "/tmp", "/var/tmp", str(Path.home())]
    for place in places:
        if _is_literal(place) and os.access(place, os.W_OK):
            return place
    raise InputError(
        f"TMPDIR: expected a folder that can be written and has none of {' '.join(sorted(PATTERN_LETTERS))} in its "
        f"path, got {places[0]}"
    )


def _is_literal(path: str) -> bool:
    return not PATTERN_LETTERS & set(path if os.sep == "/" else path.replace(os.sep, "/"))
