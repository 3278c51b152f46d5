"""Walks the folder of a data set."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gansynth_isa.data.audio.opening import AUDIO_SUFFIXES
from gansynth_isa.data.recordings.leftovers import is_folder_to_pass_by
from gansynth_isa.errors import InputError, printable

MAX_NAMES_SHOWN = 5


def files_below(root: Path) -> list[str]:
    """Sorted POSIX paths, relative to `root`, of all files, and of folders that are named like recordings.

    Links are followed, but no folder is entered again from inside itself. Such folders as `nut.wav/` are
    listed so that they are refused by name like any recording that cannot be read. Hidden folders and those that
    systems leave behind are not entered; each is listed once, with a slash at its end.

    Raises:
      InputError: a folder that cannot be read.
    """
    found = []
    # Folder -> it and the folders on the way to it, links resolved.
    inside: dict[str, tuple[str, ...]] = {str(root): (os.path.realpath(root),)}

    def refuse(error: OSError) -> NoReturn:
        raise InputError(f"data_dir: cannot read {error.filename}: {error.strerror}") from error

    for folder, folder_names, names in os.walk(str(root), onerror=refuse, followlinks=True):
        way = inside.pop(folder)
        passed_by = [f"{name}/" for name in folder_names if is_folder_to_pass_by(name)]
        folder_names[:] = [
            name
            for name in folder_names
            if not is_folder_to_pass_by(name) and not _leads_back(way, os.path.join(folder, name))
        ]
        for name in folder_names:
            path = os.path.join(folder, name)
            inside[path] = (*way, os.path.realpath(path))
        names = names + [name for name in folder_names if name.lower().endswith(AUDIO_SUFFIXES)]
        place = Path(folder).relative_to(root).as_posix()
        found += [name if place == "." else f"{place}/{name}" for name in (*names, *passed_by)]
    return sorted(found)


def some(names: Sequence[str], separator: str = ", ") -> str:
    """The first few names, and how many more there are, on one printable line."""
    shown = printable(separator.join(names[:MAX_NAMES_SHOWN]))
    return shown if len(names) <= MAX_NAMES_SHOWN else f"{shown} and {len(names) - MAX_NAMES_SHOWN} more"


def _leads_back(way: tuple[str, ...], folder: str) -> bool:
    """Whether `folder` is a link to one of the folders on the way to it, or to one around them."""
    if not os.path.islink(folder):
        return False
    target = os.path.realpath(folder)
    return any(os.path.commonpath([place, target]) == target for place in way)
