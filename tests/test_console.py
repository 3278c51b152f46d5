"""Lines, log and progress bars."""

import io
import re
import time
import types

import pytest

from gansynth_isa.console import Console
from gansynth_isa.errors import InputError


def test_line_goes_to_the_output_and_with_time_to_the_log(tmp_path):
    output = io.StringIO()
    console = Console(output)
    console.line("one")
    console.open_log(tmp_path / "logs" / "log.txt")
    console.line("two\nthree")
    console.close()
    assert output.getvalue() == "one\ntwo\nthree\n"
    lines = (tmp_path / "logs" / "log.txt").read_text().splitlines()
    assert [line[20:] for line in lines] == ["one", "two", "three"]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line) for line in lines)


def test_orders_to_the_terminal_and_undecodable_bytes_are_shown_as_escapes(tmp_path):
    output = io.StringIO()
    console = Console(output)
    console.open_log(tmp_path / "log.txt")
    console.line("a \x1b[31mred\u202e \udcf6 \x85b\nsecond")
    console.close()
    shown = "a \\x1b[31mred\\u202e \\udcf6 \\x85b\nsecond\n"
    assert output.getvalue() == shown
    lines = (tmp_path / "log.txt").read_text(encoding="utf-8").splitlines()
    assert [line[20:] for line in lines] == shown.splitlines()


def test_log_of_an_earlier_run_is_continued(tmp_path):
    (tmp_path / "log.txt").write_text("earlier\n")
    console = Console(io.StringIO())
    console.line("later")
    console.open_log(tmp_path / "log.txt")
    console.close()
    text = (tmp_path / "log.txt").read_text()
    assert text.startswith("earlier\n") and text.endswith(" later\n")


def test_log_in_a_folder_that_cannot_be_made_is_bad_input(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write there"):
        Console(io.StringIO()).open_log(tmp_path / "file" / "log.txt")


def test_log_on_a_full_disk_is_bad_input_and_closes_quietly(tmp_path):
    (tmp_path / "log.txt").symlink_to("/dev/full")
    console = Console(io.StringIO())
    console.open_log(tmp_path / "log.txt")
    with pytest.raises(InputError, match="log.txt: cannot be written: No space left on device"):
        console.line("a line")
    console.close()


def test_progress_without_terminal_draws_nothing(capsys):
    console = Console()
    with console.progress(10, "training") as progress:
        progress.update(4)
        progress.show_parts(["half"])
        progress.update(6)
        progress.close()
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_progress_on_a_terminal_shows_and_vanishes(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with Console(io.StringIO()).progress(10, "training") as progress:
        assert progress.is_shown
        progress.show_parts(["all there", "is to know"])
        time.sleep(0.25)  # a bar is drawn at most every 0.2 s
        progress.update(10)
    assert "training" in terminal.getvalue() and "all there is to know" in terminal.getvalue()
    assert terminal.getvalue().split("\r")[-1].strip() == ""


def test_progress_in_lines_without_terminal_says_once_a_minute_how_far_it_is(monkeypatch, capsys):
    clock = types.SimpleNamespace(now=0.0)
    monkeypatch.setattr("gansynth_isa.console.time", types.SimpleNamespace(monotonic=lambda: clock.now, strftime=str))
    with Console().progress(4000, "sounds", in_lines=True) as progress:
        for seconds, done in ((59.0, 900), (1.0, 100), (30.0, 1000), (31.0, 1000)):
            clock.now += seconds
            progress.update(done)
    assert capsys.readouterr().out == "sounds: 1,000 of 4,000\nsounds: 3,000 of 4,000\n"
