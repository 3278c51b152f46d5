"""What a person sees while a command runs: lines, progress bars, and a log file that keeps the lines."""

import io
import shutil
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, BinaryIO

from gansynth_isa.errors import InputError, printable

SECONDS_BETWEEN_LINES = 60.0  # where no terminal shows a bar
BAR_WITHOUT_RATE = "{desc} {n_fmt}/{total_fmt}{postfix} {bar}"


class Console:
    """Prints lines on standard output, and draws progress bars on standard error if that is a terminal.

    Until `open_log` names a file the lines are remembered, so that the log holds them all and a command
    that stops at bad input writes nothing.
    """

    def __init__(self, output: IO[str] | io.TextIOBase | None = None):
        """Args: output: where lines go; default: standard output as it is when a line is printed."""
        self._output = output
        self._log_file: BinaryIO | None = None
        self._log_path: Path | None = None
        self._waiting: list[str] = []
        self._lock = threading.Lock()  # sounds are written, and said to be, in a thread of their own

    def line(self, text: str = "") -> None:
        """Prints `text`, which may hold several lines, above any progress bar, and logs it with the time.

        What cannot be printed is shown as an escape: a name of a file may hold orders to the terminal.
        """
        from tqdm import tqdm  # reads variables when it is imported, which commands have settled by then

        text = _printable_lines(text)
        tqdm.write(text, file=self._output or sys.stdout)
        (self._output or sys.stdout).flush()
        self.log(text)

    def log(self, text: str) -> None:
        """Writes `text` to the log file alone, each line with the time."""
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        with self._lock:
            self._waiting.extend(f"{stamp} {line}\n" for line in _printable_lines(text).splitlines())
            if self._log_file and self._waiting:
                text = "".join(self._waiting)
                self._waiting.clear()
                try:
                    self._log_file.write(text.encode())
                except OSError as error:
                    raise InputError(f"{self._log_path}: cannot be written: {error.strerror or error}") from error

    def open_log(self, path: Path | str) -> None:
        """Appends from now on to the file `path`, beginning with the lines printed so far.

        Raises:
          InputError: the file or its folder cannot be written.
        """
        path = Path(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            log_file = path.open("ab", buffering=0)  # nothing is left to write when it is closed on a full disk
        except OSError as error:
            raise InputError(f"{path.parent}: cannot write there: {error.strerror or error}") from error
        self.close()
        self._log_file, self._log_path = log_file, path
        self.log("")

    def progress(
        self, total: int | None, description: str, shows_rate: bool = True, in_lines: bool = False
    ) -> "Progress":
        """Returns a progress bar of `total` units, None where that is not known; it shows on a terminal only.

        Without its own rate and time left, the bar leaves room for a text that says them. With `in_lines` a line says
        once a minute how far it is where no terminal shows the bar.
        """
        return Progress(total, description, shows_rate, line=self.line if in_lines else None)

    def close(self) -> None:
        """Closes the log file."""
        if self._log_file:
            self._log_file.close()
            self._log_file = None


def _printable_lines(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))


def fitting(parts: Sequence[str], columns: int) -> list[str]:
    """The first parts that fit whole into so many columns, a space between two."""
    chosen, length = [], -1
    for part in parts:
        length += 1 + len(part)
        if length > columns:
            break
        chosen.append(part)
    return chosen


class Progress:
    """A progress bar that vanishes when it is closed; also a context manager.

    Args:
      total, description, shows_rate: see `Console.progress`.
      may_show: on a terminal.
      line: prints a line where no terminal shows the bar, once a minute; None: nothing does.
    """

    def __init__(
        self,
        total: int | None,
        description: str,
        shows_rate: bool = True,
        may_show: bool = True,
        line: Callable[[str], None] | None = None,
    ):
        from tqdm import tqdm  # as in `Console.line`

        self._description = printable(description)
        self._bar = tqdm(
            total=total,
            desc=self._description,
            file=sys.stderr,
            disable=not (may_show and sys.stderr.isatty()),
            leave=False,
            dynamic_ncols=True,
            mininterval=0.2,
            bar_format=None if shows_rate else BAR_WITHOUT_RATE,
        )
        self._line = line if self._bar.disable else None
        self._num_done, self._told_at = 0, time.monotonic()

    @property
    def is_shown(self) -> bool:
        """Whether there is a terminal that shows the bar."""
        return not self._bar.disable

    def update(self, num_done: int = 1) -> None:
        """Moves the bar on by `num_done` units."""
        self._bar.update(num_done)
        self._num_done += num_done  # a bar that is not shown does not count
        if self._line and time.monotonic() - self._told_at >= SECONDS_BETWEEN_LINES:
            self._told_at = time.monotonic()
            of_total = "" if self._bar.total is None else f" of {self._bar.total:,}"
            self._line(f"{self._description}: {self._num_done:,}{of_total}")

    def show_parts(self, parts: Sequence[str]) -> None:
        """Shows beside the count as many whole `parts`, from the first, as the terminal has room for."""
        columns = shutil.get_terminal_size().columns
        taken = len(f"{self._description} {self._bar.total}/{self._bar.total}")
        self._bar.set_postfix_str(" ".join(fitting(parts, columns - taken - len(",  "))), refresh=False)

    def close(self) -> None:
        """Removes the bar from the terminal; may be called twice."""
        self._bar.close()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
