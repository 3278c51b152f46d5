"""What every function of the API does first, and where its lines go."""

import contextlib
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from gansynth_isa.console import Console, Progress
from gansynth_isa.environment import check_keras, settle_program
from gansynth_isa.errors import InputError

Report = Callable[[str], None]


def start() -> None:
    """Keeps what belongs to other projects out of TensorFlow and Keras, and imports them.

    A line that a person should know of, for instance that TensorFlow was imported before, is a `UserWarning`.

    Raises:
      InputError: Keras has settings, of this program or of a person's other projects, that change results.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what fails is raised, too
    line = settle_program()
    if line is not None:
        warnings.warn(line, stacklevel=3)
    check_keras()


@contextlib.contextmanager
def without_advice() -> Iterator[None]:
    """Keeps TensorFlow from saying that a second training traces a graph again, as it must."""

    def is_wanted(record: logging.LogRecord) -> bool:
        return "triggered tf.function retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_wanted)
    try:
        yield
    finally:
        logger.removeFilter(is_wanted)


def check_type(name: str, value: Any, expected: type) -> None:
    """Refuses an argument of another type.

    Raises:
      InputError: names the argument.
    """
    if not isinstance(value, expected):
        raise InputError(f"{name}: expected {expected.__name__}, got {type(value).__name__} {value!r:.60}")


class ReportingConsole(Console):
    """A console that hands its lines to a function and draws no bars.

    Args:
      report: is given each line, or lines; None: nothing is shown.
    """

    def __init__(self, report: Report | None):
        super().__init__()
        self._report = report

    def line(self, text: str = "") -> None:
        if self._report is not None:
            self._report(text)
        self.log(text)

    def progress(
        self, total: int | None, description: str, shows_rate: bool = True, in_lines: bool = False
    ) -> Progress:
        return Progress(total, description, shows_rate, may_show=False)
