"""An experiment that the commit in artefacts/README.md ran: reported on, run again, continued."""

import json

import pytest

GRID = ("--data_dir=recordings", "--levels=6", "--trials=2", "--output_dir=experiment")
STEPS = ("--classifier_steps=3", "--classifier_learning_rate=0.003")
ONE_TEST_CLIP = 1 / 8
# Names of settings may change; what the tables say of results may not.
TABLES_OF_SETTINGS = {"settings.csv"}


def test_report_of_an_old_experiment_has_the_old_tables(old):
    old.run_bare("report", "--experiment_dir=experiment", "--output_dir=again")
    expected = sorted((old.path / "expected/report/report_files").glob("*.csv"))
    assert "accuracy.csv" in {path.name for path in expected}
    for path in expected:
        if path.name not in TABLES_OF_SETTINGS:
            assert (old.path / "again/report_files" / path.name).read_bytes() == path.read_bytes(), path.name


def test_report_of_an_old_experiment_shows_curves_and_clips_of_its_gan(old):
    old.run_bare("report", "--experiment_dir=experiment", "--output_dir=again")
    (picture,) = (old.path / "experiment").rglob("samples/*.png")
    assert (old.path / "again/report_files/clips_6.png").read_bytes() == picture.read_bytes()
    assert (old.path / "again/report_files/training_6.svg").stat().st_size > 0


def test_finished_experiment_run_again_trains_nothing(old):
    rows = ("results.jsonl", "gans.jsonl")
    before = [(old.path / "experiment" / name).read_bytes() for name in rows]
    folders = old.contents("experiment/synthetic", "experiment/gans")
    old.run("experiment", *GRID, *STEPS)
    assert [(old.path / "experiment" / name).read_bytes() for name in rows] == before
    assert old.contents("experiment/synthetic", "experiment/gans") == folders


@pytest.mark.slow  # trains a classifier, which newer packages train otherwise
def test_experiment_that_lacks_a_row_trains_that_classifier_only(old):
    results = old.path / "experiment/results.jsonl"
    lines = results.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == 8
    results.write_text("".join(lines[:-1]), encoding="utf-8")
    kept = old.contents("experiment/synthetic", "experiment/gans")
    gan_rows = (old.path / "experiment/gans.jsonl").read_bytes()

    old.run("experiment", *GRID, *STEPS)
    continued = results.read_text(encoding="utf-8").splitlines(keepends=True)
    assert continued[:-1] == lines[:-1]
    expected, row = json.loads(lines[-1]), json.loads(continued[-1])
    same = expected.keys() - {"accuracy_per_file", "accuracy_per_clip", "confusion_matrix", "minutes", "recall"}
    assert {name: row.get(name) for name in same} == {
        **{name: expected[name] for name in same},
        "accuracy": pytest.approx(expected["accuracy"], abs=ONE_TEST_CLIP),
    }
    assert (old.path / "experiment/gans.jsonl").read_bytes() == gan_rows
    assert old.contents("experiment/synthetic", "experiment/gans") == kept
