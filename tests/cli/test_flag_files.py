"""Flag files: the packaged ones by name, files of any editor, files in files, and what is refused."""

import codecs
import os
import subprocess
import sys

import pytest

from gansynth_isa.cli.flag_files import expand_flag_files, packaged_names
from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.errors import InputError

PUBLISHED = (
    "as_published",
    "building_impacts",
    "bulk_material",
    "demo",
    "folder_two_cores",
    "mb",
    "mb_figure_2",
    "mb_two_cores",
    "pucks",
    "pucks_two_cores",
)


def fmap_max(options):
    return options.generators["gansynth"].network.fmap_max


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder that is not the repository, as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parse(*arguments):
    return parse_options(["command", *arguments], "does something")


def test_packaged_flag_files_are_byte_for_byte_the_published_ones(repository):
    assert packaged_names() == PUBLISHED
    published, packaged = repository / "flags", repository / "gansynth_isa" / "flag_files"
    assert sorted(file.name for file in published.iterdir()) == sorted(file.name for file in packaged.iterdir())
    for file in published.iterdir():
        stale = f"stale: cp {file} {packaged}"
        assert (packaged / file.name).read_bytes() == file.read_bytes(), stale


def test_package_data_names_the_flag_files_and_py_typed(repository):
    text = (repository / "setup.cfg").read_text(encoding="utf-8")
    section = text.split("[options.package_data]")[1].split("\n[")[0]
    assert "flag_files/*.flags" in section and "py.typed" in section
    assert (repository / "gansynth_isa" / "py.typed").read_bytes() == b""


@pytest.mark.parametrize("flag", ["--flagfile=mb_two_cores", "--flagfile=mb_two_cores.flags", "-flagfile=mb_two_cores"])
def test_name_from_any_folder_finds_the_packaged_file(flag):
    options = parse(flag)
    assert (options.data.dataset, fmap_max(options), options.features.mel_bins) == ("mb", 64, 128)


def test_help_of_a_command_names_the_packaged_files(capsys):
    with pytest.raises(SystemExit) as left:
        parse_options(["command", "--help"], "does something", shown=frozenset({"seed"}))
    assert left.value.code == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"FILE is a path, or one of {', '.join(PUBLISHED)}."


def test_name_as_an_argument_of_its_own_is_the_files():
    assert fmap_max(parse("--flagfile", "mb_two_cores", "--fmap_max=32")) == 32
    assert fmap_max(parse("--fmap_max=32", "--flagfile", "mb_two_cores")) == 64


def test_existing_file_of_a_packaged_name_wins(elsewhere):
    (elsewhere / "demo").write_text("--fmap_max=7\n")
    assert fmap_max(parse("--flagfile=demo")) == 7
    assert fmap_max(parse("--flagfile=demo.flags")) == 32


def test_folder_of_a_packaged_name_is_passed_over(elsewhere):
    (elsewhere / "demo").mkdir()
    assert fmap_max(parse("--flagfile=demo")) == 32


def test_home_in_a_path_is_expanded(elsewhere, monkeypatch):
    monkeypatch.setenv("HOME", str(elsewhere))
    (elsewhere / "mine").write_text("--fmap_max=7\n")
    assert fmap_max(parse("--flagfile=~/mine")) == 7


def test_pipe_is_read_as_a_file():
    reader, writer = os.pipe()
    os.write(writer, b"--fmap_max=7\n")
    os.close(writer)
    assert fmap_max(parse(f"--flagfile=/dev/fd/{reader}")) == 7
    os.close(reader)


def test_comments_and_empty_lines_are_passed_over(elsewhere):
    (elsewhere / "mine").write_text("# one\n\n// two\n   \n  # three\n  --fmap_max=7  \n--file_pattern=a#b//c\n")
    assert expand_flag_files(["--flagfile=mine"]) == ["--fmap_max=7", "--file_pattern=a#b//c"]


def test_file_in_a_file_takes_the_place_of_its_line(elsewhere):
    (elsewhere / "outer").write_text("--fmap_max=1\n--flagfile=demo\n--mel_bins=16\n--flagfile=inner\n")
    (elsewhere / "inner").write_text("--seed=3\n")
    options = parse("--flagfile=outer")
    assert (fmap_max(options), options.features.mel_bins, options.seeds.seed) == (32, 16, 3)
    assert options.data.dataset_name == "simulated_balls"


def test_same_file_twice_side_by_side_is_no_circle(elsewhere):
    (elsewhere / "outer").write_text("--flagfile=inner\n--flagfile=inner\n")
    (elsewhere / "inner").write_text("--seed=3\n")
    assert expand_flag_files(["--flagfile=outer"]) == ["--seed=3", "--seed=3"]


def test_arguments_behind_two_dashes_are_left_alone():
    assert expand_flag_files(["--seed=3", "--", "--flagfile=demo"]) == ["--seed=3", "--", "--flagfile=demo"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)],
)
def test_file_of_a_windows_editor_is_read(encoding, mark, elsewhere):
    text = "--dataset_name=größe\r\n# a comment\r\n--fmap_max=7\r\n"
    (elsewhere / "windows.flags").write_bytes(mark + text.encode(encoding))
    options = parse("--flagfile=windows.flags")
    assert (options.data.dataset_name, fmap_max(options)) == ("größe", 7)


@pytest.mark.parametrize(
    "data",
    [
        b"--dataset_name=gr\xf6\xdfe\n",
        "--fmap_max=7\n".encode("utf-16-le"),
        codecs.BOM_UTF16_LE + b"-\0-\0f",
        b"\x89PNG\r\n\x1a\n\0\0",
    ],
)
def test_file_that_is_no_text_is_one_line_with_its_name(data, elsewhere, capfd):
    (elsewhere / "mine.flags").write_bytes(data)
    assert run_command(lambda argv: parse(*argv), ["--flagfile=mine.flags"]) == 2
    expected = "error: flagfile: mine.flags: expected text in UTF-8, or in UTF-16 with a byte order mark\n"
    assert capfd.readouterr().err == expected


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("mb_two_core", "; did you mean 'mb_two_cores'?"),
        ("flags/bulk_material.flags", "; did you mean 'bulk_material'?"),
        ("/does/not/exist", "; packaged are as_published, building_impacts, bulk_material, demo, folder_two_cores, "),
    ],
)
def test_name_that_is_neither_is_one_line_with_the_nearest(name, hint):
    with pytest.raises(InputError) as raised:
        parse(f"--flagfile={name}")
    start = f"flagfile: {name}: no such file, and no flag file of the package{hint}"
    assert str(raised.value).startswith(start) and "\n" not in str(raised.value)


@pytest.mark.parametrize("arguments", [["--flagfile="], ["--flagfile"], ["--flagfile", " "]])
def test_flagfile_without_a_name_is_refused(arguments):
    with pytest.raises(InputError, match="flagfile: expected a file, or one of as_published, .*; got nothing"):
        parse(*arguments)


def test_files_in_a_circle_are_refused(elsewhere):
    (elsewhere / "one").write_text("--flagfile=two\n")
    (elsewhere / "two").write_text("--flagfile=./one\n")
    with pytest.raises(InputError, match=r"^flagfile: \./one: includes itself by way of .*two$"):
        parse("--flagfile=one")


def test_chain_of_twenty_files_is_read_and_a_longer_one_refused(elsewhere):
    for number in range(1500):
        (elsewhere / str(number)).write_text(f"--flagfile={number + 1}\n")
    (elsewhere / "1500").write_text("--fmap_max=3\n")
    assert fmap_max(parse("--flagfile=1481")) == 3
    for first in (1480, 0):
        with pytest.raises(
            InputError, match=rf"^flagfile: {first + 20}: expected at most 20 flag files, each named by"
        ):
            parse(f"--flagfile={first}")


@pytest.mark.parametrize(("name", "reason"), [("x" * 300, "File name too long"), ("folder", "no such file")])
def test_file_that_cannot_be_opened_is_refused(name, reason, elsewhere):
    (elsewhere / "folder").mkdir()
    with pytest.raises(InputError, match=f"flagfile: {name}: .*{reason}"):
        parse(f"--flagfile={name}")


def test_misspelt_flag_in_a_file_in_a_file_is_refused(elsewhere):
    (elsewhere / "outer").write_text("--flagfile=inner\n")
    (elsewhere / "inner").write_text("--fmap_mx=3\n")
    with pytest.raises(InputError, match="--fmap_mx: no such flag; did you mean '--fmap_max'"):
        parse("--flagfile=outer")


def test_hparams_override_a_packaged_file_that_restates_the_preset():
    options = parse("--flagfile=mb", '--hparams={"fmap_max": 64}')
    assert fmap_max(options) == 64
    with pytest.raises(InputError, match="fmap_max: expected one value, got 256"):
        parse("--flagfile=mb", "--fmap_max=256", '--hparams={"fmap_max": 64}')


def test_command_in_a_folder_elsewhere_plans_with_a_packaged_file(elsewhere, repository):
    command = [sys.executable, "-m", "gansynth_isa.cli.train", "--flagfile=mb", "--dry_run"]
    shown = subprocess.run(
        command, cwd=elsewhere, env={**os.environ, "PYTHONPATH": str(repository)}, capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    assert "total 72,000 images" in shown.stdout
