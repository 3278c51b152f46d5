"""A file beside simulated recordings, so that whatever is made of them can say so."""

from pathlib import Path

SIMULATED_MARK = "SIMULATED.txt"
_TEXT = """The recordings in this folder are simulated (gansynth_isa_simulate). Numbers that come from them say nothing
about real ones; gansynth_isa_experiment and gansynth_isa_report know them by this file.
"""


def mark_as_simulated(data_dir: Path) -> None:
    """Writes the file; `data_dir` exists."""
    (data_dir / SIMULATED_MARK).write_text(_TEXT, encoding="utf-8")


def is_simulated(data_dir: str | None) -> bool:
    """Whether the recordings below `data_dir` were marked."""
    return data_dir is not None and (Path(data_dir) / SIMULATED_MARK).exists()
