"""From experiments to tables, costs and pictures, at a size of seconds."""

import json
import shutil

import pytest

from gansynth_isa.checks.rivals import cost
from gansynth_isa.cli import experiment, rivals
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.data.simulation.writer import simulate_balls
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.rows.files import read_rows


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """WORK of one draw of balls with real clips alone and with two cheap kinds."""
    folder = tmp_path_factory.mktemp("rivals")
    simulate_balls(folder / "recordings", train_files_per_class=4, test_files=6)
    flags = (
        *("--dataset=mb", "--mel_bins=8", "--classifier_steps=2", "--classifier=cnn", "--samples_per_class=3"),
        *("--levels=4", "--trials=1", "--gan_repeats=1", "--folds=none", f"--data_dir={folder / 'recordings'}"),
        f"--feature_cache_dir={folder / 'cache'}",
    )
    parts = {
        "real": ("--methods=baseline,augmented,lda",),
        "cheap": ("--methods=gan_augmented", "--generators=gaussian,smote", "--instrument_trials=0"),
    }
    for name, part in parts.items():
        place = f"--output_dir={folder / 'work' / 'rivals' / 'balls' / '00' / name}"
        assert run_command(experiment.main, ["experiment", *flags, *part, place]) == 0
    (folder / "work" / "rivals" / "balls" / "00" / "cheap.memory.json").write_text('{"peak_memory_mib": 900}')
    return folder / "work"


@pytest.fixture
def few_clips(monkeypatch):
    """Costs measured in this process, of few clips."""
    monkeypatch.setattr(cost, "FEW_CLIPS", 3)
    monkeypatch.setattr(cost, "MANY_CLIPS", 6)
    monkeypatch.setattr(cost, "cost_of", cost.measured_here)


def test_gather_writes_rows_tables_and_a_picture_and_measures_costs_once(work, few_clips, tmp_path, capsys):
    arguments = [f"--work_dir={work}", f"--output_dir={tmp_path}", f"--feature_cache_dir={work.parent / 'cache'}"]
    assert run_command(rivals.main, ["rivals", *arguments]) == 0
    classifiers = [json.loads(line) for line in (tmp_path / "classifiers.jsonl").read_text().splitlines()]
    assert sorted((row["folder"], row["method"], row["generator"]) for row in classifiers) == [
        ("cheap", "gan_augmented", "gaussian"), ("cheap", "gan_augmented", "smote"), ("real", "augmented", None),
        ("real", "baseline", None), ("real", "lda", None),
    ]  # fmt: skip
    rows = [json.loads(line) for line in (tmp_path / "generators.jsonl").read_text().splitlines()]
    generators = {row["generator"]: row for row in rows}
    assert generators["gaussian"]["clips_per_s"] > 0 and generators["gaussian"]["export_mib"] > 0
    experiment_dir = work / "rivals" / "balls" / "00" / "cheap"
    measured = {row["generator"]: row for row in read_rows(experiment_dir / "gans.jsonl")}
    for kind, row in generators.items():
        instruments = measured[kind]["instruments"]["test"]
        assert row["grain"] == instruments["grain"]["mean"]
        assert row["memorisation"] == instruments["memorisation"]["mean"]
        assert row["minutes"] == measured[kind]["minutes"] and row["peak_memory_mib"] == 900
    text = (tmp_path / "rivals.md").read_text()
    assert "| Gaussian |" in text and "## Clips and costs: balls, 4 clips per class" in text
    assert (tmp_path / "balls" / "clips.png").read_bytes().startswith(b"\x89PNG")
    assert text.rstrip() in capsys.readouterr().out
    assert run_command(rivals.main, ["rivals", *arguments]) == 0
    assert "clips_per_s" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("results.jsonl", "{}\n", "results.jsonl: row 1: "),
        ("gans.jsonl", '{"generator": "smote"}\n', "gans.jsonl: row 1: "),
        ("../cheap.memory.json", "[]", "cheap.memory.json: damaged .expected a JSON object"),
        ("../cheap.memory.json", "{", "cheap.memory.json: damaged"),
        (
            "../cheap.memory.json",
            '{"peak_memory_mib": "much"}',
            "peak_memory_mib: expected a finite number",
        ),
    ],
)
def test_damaged_files_are_refused_by_name_and_nothing_is_written(work, tmp_path, few_clips, name, text, message):
    copy = tmp_path / "work"
    shutil.copytree(work / "rivals", copy / "rivals")
    (copy / "rivals" / "balls" / "00" / "cheap" / name).write_text(text)
    config = rivals.RivalsConfig(work_dir=str(copy), output_dir=str(tmp_path / "out"))
    with pytest.raises(InputError, match=message):
        rivals.gather(config, print)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow  # starts a process that loads TensorFlow
def test_cost_is_measured_in_a_process_of_its_own(work):
    found = cost.cost_of(
        work / "rivals" / "balls" / "00" / "cheap" / "gans" / "gaussian_fold-all_level-4_subset-0_gan-0"
    )
    assert found["clips_per_s"] > 0 and found["generating_growth_mib"] >= 0 and found["export_mib"] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "work_dir: expected a folder, got nothing"),
        ({"work_dir": "nowhere", "output_dir": "out"}, "work_dir: expected experiments in .*found none"),
    ],
)
def test_gather_without_experiments_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        rivals.gather(rivals.RivalsConfig(**arguments), print)
