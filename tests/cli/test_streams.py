"""Output: any name on any stream, text files in UTF-8 on any machine."""

import ast
import os
import subprocess
import sys

import pytest

SAY = """
import sys
from gansynth_isa.cli.runtime import quiet_session, run_command
from gansynth_isa.errors import InputError
def main(argv):
    with quiet_session() as session:
        session.console.line("螺母 größe \\udcf6")
        raise InputError("螺母: no")
sys.exit(run_command(main))
"""


def test_output_that_cannot_be_encoded_is_written_as_escapes_on_both_streams():
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run([sys.executable, "-c", SAY], env=environment, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == b"\\u87ba\\u6bcd gr\xf6\xdfe \\udcf6\n"
    assert done.stderr in (b"error: \\u87ba\\u6bcd: no\n", "error: 螺母: no\n".encode())


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&- <&-"])
def test_command_with_closed_streams_ends_with_its_status(closed, tmp_path):
    script = f'exec "$0" -c "$1" {closed}'
    done = subprocess.run(["bash", "-c", script, sys.executable, SAY], capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def _text_calls_without_encoding(tree: ast.AST) -> list[int]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [(node, getattr(node.func, "attr", getattr(node.func, "id", ""))) for node in calls]
    return [
        node.lineno
        for node, name in named
        if name in ("read_text", "write_text", "open", "NamedTemporaryFile", "fdopen")
        and not any(keyword.arg == "encoding" for keyword in node.keywords)
        and (
            name.endswith("_text")
            or any(mode in ("r", "w", "a", "rt", "wt") for mode in _modes(node))
            or (isinstance(node.func, ast.Name) and name == "open" and not _modes(node))
        )
    ]


def _modes(call: ast.Call) -> list:
    arguments = (*call.args, *(keyword.value for keyword in call.keywords))
    return [part.value for part in arguments if isinstance(part, ast.Constant)]


def test_text_files_are_read_and_written_in_utf_8_whatever_the_locale(repository):
    for path in sorted((repository / "gansynth_isa").rglob("*.py")):
        assert _text_calls_without_encoding(ast.parse(path.read_text(encoding="utf-8"))) == [], path
