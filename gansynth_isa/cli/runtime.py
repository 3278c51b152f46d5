"""How a command runs: exit status, and a terminal that shows this project's lines only.

TensorFlow's native code writes its start-up messages straight to file descriptor 2. While a command runs
that descriptor leads to a temporary file, and to the log file once there is one; Python's own standard
error keeps the terminal.
"""

import contextlib
import logging
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gansynth_isa.console import Console
from gansynth_isa.errors import InputError

EXIT_INTERNAL_FAILURE = 1
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


def run_command(main: Callable[[Sequence[str]], int | None], argv: Sequence[str] | None = None) -> int:
    """Runs `main(argv)` and returns the exit status: 0 success, 2 bad input, 1 internal failure.

    Args:
      main: the command; returns its status, None for 0.
      argv: program name and arguments; default: those of the process.
    """
    try:
        return main(sys.argv if argv is None else argv) or 0
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of a pipe has gone, as `... | head` does; nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_INTERNAL_FAILURE
    except Exception:
        traceback.print_exc()
        return EXIT_INTERNAL_FAILURE


class Session:
    """A console, and where the native code's messages and Python's warnings go."""

    def __init__(self):
        self.console = Console()
        self._messages = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (closed by `close`)
        os.dup2(self._messages.fileno(), 2)
        self._handler = logging.StreamHandler(os.fdopen(os.dup(2), "a", encoding="utf-8", errors="replace"))
        logging.getLogger().addHandler(self._handler)
        logging.captureWarnings(True)

    def open_log(self, path: Path) -> None:
        """From now on the file `path` keeps all lines and messages, those so far included.

        Raises:
          InputError: the file cannot be written.
        """
        self.console.open_log(path)
        self._messages.seek(0)
        with path.open("ab", buffering=0) as log_file:
            log_file.write(self._messages.read())
            os.dup2(log_file.fileno(), 2)
            os.dup2(log_file.fileno(), self._handler.stream.fileno())

    def close(self) -> None:
        """Ends logging; `quiet_session` then gives the descriptor back."""
        logging.captureWarnings(False)
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        self._handler.stream.close()
        self._messages.close()
        self.console.close()


@contextlib.contextmanager
def quiet_session() -> Iterator[Session]:
    """A `Session` during which only this project's lines reach the terminal.

    Must be entered before TensorFlow is imported.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    python_stderr = sys.stderr
    terminal = os.dup(2)
    if _writes_to_descriptor_2(python_stderr):
        sys.stderr = os.fdopen(os.dup(terminal), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    session = Session()
    try:
        yield session
    except BaseException as error:
        if not isinstance(error, InputError | SystemExit):
            session.console.log("".join(traceback.format_exception(error)))
        raise
    finally:
        session.close()
        os.dup2(terminal, 2)
        os.close(terminal)
        sys.stderr = python_stderr


def _writes_to_descriptor_2(stream) -> bool:
    try:
        return stream.fileno() == 2
    except (AttributeError, OSError, ValueError):
        return False
