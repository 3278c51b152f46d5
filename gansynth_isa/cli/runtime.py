"""How a command runs: exit status, and a terminal that shows this project's lines only.

TensorFlow's native code writes its start-up messages straight to file descriptor 2. While a command runs
that descriptor leads to a temporary file, and to the log file once there is one; Python's own standard
error keeps the terminal.
"""

import contextlib
import errno
import logging
import os
import shlex
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from gansynth_isa.console import Console
from gansynth_isa.environment import open_streams, settle
from gansynth_isa.errors import InputError, Interrupted, TrainingDiverged, WorkerLost

EXIT_INTERNAL_FAILURE = 1
EXIT_BAD_INPUT = 2
SIGNAL_STATUS = 128  # plus the number of the signal
CONTINUING_VARIABLE = "GANSYNTH_ISA_TO_CONTINUE"  # what to type again, set by a script of several commands
IGNORED_VARIABLES: ContextVar[Sequence[str]] = ContextVar("names for the log", default=())


def run_command(
    main: Callable[[Sequence[str]], int | None], argv: Sequence[str] | None = None, continues: bool = False
) -> int:
    """Runs `main(argv)` and returns the exit status.

    0 success, 2 bad input, 1 internal failure or a training that diverged, 128 + n when signal n asked to stop.

    Args:
      main: the command; returns its status, None for 0.
      argv: program name and arguments; default: those of the process.
      continues: the same command again goes on where it stopped, which is said when it is interrupted. A script of
        several commands names itself in CONTINUING_VARIABLE, and is said in place of each of them.
    """
    open_streams()
    try:
        IGNORED_VARIABLES.set(settle())
        with _terminate_as_interruption():
            return main(sys.argv if argv is None else argv) or 0
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except (TrainingDiverged, WorkerLost) as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_INTERNAL_FAILURE
    except KeyboardInterrupt as error:
        script = os.environ.get(CONTINUING_VARIABLE)
        hint = f"; to continue: {script or _command_line()}" if continues or script else ""
        print(f"{str(error) or 'stopped by SIGINT'}{hint}", file=sys.stderr)
        return SIGNAL_STATUS + getattr(error, "signum", signal.SIGINT)
    except BrokenPipeError:
        # The reader of a pipe has gone, as `... | head` does; nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_INTERNAL_FAILURE
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            print(f"error: {error.filename or 'output'}: cannot be written: {error.strerror}", file=sys.stderr)
            return EXIT_BAD_INPUT
        traceback.print_exc()
        return EXIT_INTERNAL_FAILURE


def leave(status: int) -> NoReturn:
    """Ends the process with `status`; after a signal at once.

    Everything is saved by then, and taking TensorFlow down in good order can take half a minute on a
    busy machine: longer than schedulers wait before they kill.
    """
    if status > SIGNAL_STATUS:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


@contextlib.contextmanager
def _terminate_as_interruption() -> Iterator[None]:
    """SIGTERM, whose default ends the process on the spot, raises `Interrupted` as Ctrl-C raises KeyboardInterrupt."""

    def interrupt(signum: int, frame: FrameType | None) -> NoReturn:
        raise Interrupted(signum, f"stopped by {signal.Signals(signum).name}")

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _command_line() -> str:
    """The command that runs, as a shell takes it."""
    module = sys.modules["__main__"].__spec__
    program = [sys.executable, "-m", module.name] if module else [sys.argv[0]]
    return shlex.join([*program, *sys.argv[1:]])


class Session:
    """A console, and where the native code's messages and Python's warnings go."""

    def __init__(self) -> None:
        self.console = Console()
        if ignored := IGNORED_VARIABLES.get():
            self.console.log(f"variables of other projects, which do not count: {', '.join(ignored)}")
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
        try:
            with path.open("ab", buffering=0) as log_file:
                log_file.write(self._messages.read())
                os.dup2(log_file.fileno(), 2)
                os.dup2(log_file.fileno(), self._handler.stream.fileno())
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from error

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
    python_stderr = sys.stderr
    terminal = os.dup(2)
    if _writes_to_descriptor_2(python_stderr):
        sys.stderr = os.fdopen(os.dup(terminal), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    session = Session()
    try:
        yield session
    except BaseException as error:
        with contextlib.suppress(InputError):  # a full disk must not hide what went wrong
            session.console.log(_for_the_log(error))
        raise
    finally:
        session.close()
        os.dup2(terminal, 2)
        os.close(terminal)
        sys.stderr = python_stderr


def _for_the_log(error: BaseException) -> str:
    """One line for what the terminal shows as one line, else the traceback."""
    if isinstance(error, InputError | TrainingDiverged | WorkerLost | KeyboardInterrupt):
        return f"{type(error).__name__}: {error}"
    return "" if isinstance(error, SystemExit) else "".join(traceback.format_exception(error))


def _writes_to_descriptor_2(stream: TextIO) -> bool:
    try:
        return stream.fileno() == 2
    except (AttributeError, OSError, ValueError):
        return False
