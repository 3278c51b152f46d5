"""Draws of the judgement, and parts of the comparison of rivals: what their scripts ask of the experiment command."""

import os
import subprocess

import pytest

from gansynth_isa.checks.rivals.lines import TABLES
from gansynth_isa.cli import experiment
from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls

STUBS = """
fail() { echo "error: $*" >&2; exit 1; }
gansynth_isa_simulate() { echo "simulate $*" >&2; }
gansynth_isa_classify() { echo "classify $*" >&2; }
gansynth_isa_train() { echo "train $*" >&2; }
"""


@pytest.fixture
def shell(repository, tmp_path):
    """Runs lines of bash behind the two files, with commands that only say what they were asked; gives the process."""

    def run(lines):
        libraries = (f'source "{repository}/scripts/lib/{name}.sh"' for name in ("draws", "rival_parts"))
        text = "\n".join(
            ["set -euo pipefail", STUBS, f'repository="{repository}" work="{tmp_path}"', *libraries, lines]
        )
        environment = {**os.environ, "GANSYNTH_ISA_SHARED": "SHARED", "EMBEDDING_MODEL": "MODEL"}
        return subprocess.run(["bash", "-c", text], capture_output=True, text=True, env=environment, check=False)

    (tmp_path / "recordings").mkdir()
    (tmp_path / "starts").mkdir()
    return run


def printed(process):
    assert process.returncode == 0, process.stderr
    return process.stdout.splitlines()


@pytest.mark.parametrize(
    ("which", "draw", "flags"),
    [
        ("balls", 3, ["--flagfile=mb_two_cores", "--data_dir={work}/recordings/14", "--subset_seeds=3"]),
        ("pucks", 0, ["--flagfile=pucks_two_cores", "--data_dir={work}/recordings/pucks-11", "--subset_seeds=0"]),
        ("bulk_material", 4, ["--flagfile=bulk_material", "--test_groups=3", "--subset_seeds=1"]),
        ("building_impacts", 5, ["--flagfile=building_impacts", "--test_groups=3F", "--subset_seeds=2"]),
    ],
)
def test_draw_is_a_new_set_or_a_new_subset_with_the_next_test_side(shell, tmp_path, which, draw, flags):
    process = shell(f'draw_place "$work" {which} {draw}; printf "%s\\n" "${{place[@]}}"')
    found = printed(process)
    assert {flag.format(work=tmp_path) for flag in flags} | {"--folds=none"} <= set(found)
    is_simulated = which in ("balls", "pucks")
    assert (f"--seed={11 + draw}" in process.stderr) == is_simulated
    assert (f"--data_dir=SHARED/data/{which}" in found) == (not is_simulated)


def test_simulated_recordings_are_made_once(shell):
    process = shell('draw_place "$work" balls 0; draw_place "$work" balls 0')
    assert process.stderr.count("simulate ") == 1


def test_every_line_of_the_tables_has_a_part_that_an_experiment_takes(shell, tmp_path):
    recordings = tmp_path / "balls"
    simulate_balls(recordings, train_files_per_class=3, test_files=3)
    parts = printed(shell('printf "%s\\n" "${parts[@]}"'))
    lines = {rival.line for table in TABLES.values() for rival in table}
    assert {folder for folder, _, _ in lines} == set(parts)
    for part in parts:
        which = "pucks" if part == "envgan" else "bulk_material"
        flags = printed(shell(f'flags_of {part} {which}; printf "%s\\n" "${{flags[@]}}"'))
        grid = parse_options(["experiment", *flags], "").grid
        if part not in ("embedding", "envgan"):  # which need a model, and recordings of some seconds
            place = (f"--data_dir={recordings}", f"--output_dir={tmp_path / part}", "--dataset=mb", "--levels=2")
            assert run_command(experiment.main, ["experiment", *place, *flags, "--dry_run"]) == 0, part
        for _, method, kind in (line for line in lines if line[0] == part):
            assert method in grid.methods, (part, method)
            assert kind is None or kind in grid.generators, (part, kind)


@pytest.mark.parametrize(("part", "command"), [("classifier_elsewhere", "classify"), ("published_elsewhere", "train")])
def test_starts_elsewhere_are_trained_once_on_simulated_recordings_and_not_for_these(shell, part, command):
    for which, recordings in (("bulk_material", "recordings/1 "), ("building_impacts", "recordings/pucks-1 ")):
        process = shell(f"flags_of {part} {which}; flags_of {part} {which}")
        assert process.returncode == 0, process.stderr
        assert process.stderr.count(f"{command} ") == 1
        assert recordings in process.stderr
    assert printed(shell(f"flags_of {part} balls; echo ${{#flags[@]}}")) == ["0"]


def test_envgan_is_for_sets_of_clips_above_two_seconds_alone(shell):
    assert "--clip_seconds=4.4" in printed(shell('flags_of envgan pucks; printf "%s\\n" "${flags[@]}"'))
    assert printed(shell("flags_of envgan building_impacts; echo ${#flags[@]}")) == ["0"]


def test_part_that_there_is_not_is_refused(shell):
    process = shell("flags_of wavgan balls")
    assert process.returncode == 1 and "expected some of real cheap" in process.stderr
