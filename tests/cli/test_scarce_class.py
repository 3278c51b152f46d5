"""One scarce class through the commands: clips of a class by its name, balanced batches, and LDA beside networks."""

import json

import pytest

from gansynth_isa.cli import classify, evaluate, experiment, export, generate, inspect, predict, report, train
from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.config.identity import FREE_IN_RUN, changes
from gansynth_isa.data.simulation.writer import simulate_balls
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import ExperimentConfig, experiment_ids
from gansynth_isa.experiments.rows.files import append_row, read_rows

SIZE = ("--dataset=mb", "--mel_bins=16", "--classifier=cnn", "--classifier_steps=4", "--samples_per_class=4")
SCARCE = ("--clips_per_class=5", "--clips_of_class=broken:2")
COMMANDS = {"classify": classify, "experiment": experiment, "inspect": inspect, "train": train}


def parse(*arguments):
    return parse_options(["command", *arguments], "does something")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recordings")
    simulate_balls(folder, train_files_per_class=6, test_files=9)
    return folder


@pytest.fixture
def run(recordings, tmp_path):
    """Runs a command on the recordings and gives its exit status."""

    def go(command, *arguments):
        places = (f"--data_dir={recordings}", "--feature_cache_dir=")
        return run_command(command.main, ["command", *SIZE, *places, *arguments])

    return go


def test_flag_is_given_once_per_class_and_split_at_the_last_colon():
    options = parse("--clips_of_class=a: b, c:4", "--clips_of_class=d:12")
    assert options.data.class_counts == {"a: b, c": 4, "d": 12}
    same = parse('--hparams={"clips_of_class": ["a: b, c:4", "d:12"]}', "--clips_of_class=a: b, c:4",
                 "--clips_of_class=d:12")  # fmt: skip
    assert same.data == options.data


def test_order_of_the_classes_decides_nothing(clips):
    entries = ("--clips_of_class=b:4", "--clips_of_class=a:3")
    one, other = parse(*entries).data, parse(*reversed(entries)).data
    assert one == other and list(one.class_counts.items()) == [("a", 3), ("b", 4)]
    assert changes(one, other, FREE_IN_RUN) == []
    names = {experiment_ids(ExperimentConfig(data=data), clips) for data in (one, other)}
    assert len(names) == 1


def test_name_of_a_class_is_compared_in_one_unicode_form():
    assert parse("--clips_of_class=o\u0308l:4").data.class_counts == {"\u00f6l": 4}


@pytest.mark.parametrize("entry", ["broken", "broken:", ":4", "broken:0", "broken:-1", "broken:1.5", "broken:x", ""])
def test_entry_of_another_form_is_refused_in_one_line(entry):
    with pytest.raises(InputError, match="clips_of_class: expected NAME:COUNT, the name of a class and a whole num"):
        parse(f"--clips_of_class={entry}")


def test_class_that_is_named_twice_is_refused():
    with pytest.raises(InputError, match="clips_of_class: expected each class once, got 'a' twice"):
        parse("--clips_of_class=a:4", "--clips_of_class=a:5")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("dry", [True, False])
def test_class_that_is_not_there_is_refused_by_every_command_and_the_nearest_is_offered(
    command, dry, run, tmp_path, capfd
):
    places = [f"--output_dir={tmp_path / 'out'}", f"--train_root_dir={tmp_path / 'run'}", "--generator=gaussian"]
    if command == "experiment":
        places[-1:] = ["--generators=gaussian", "--levels=4"]
    status = run(COMMANDS[command], *places, "--clips_of_class=brokn:2", *(["--dry_run"] * dry))
    error = capfd.readouterr().err
    assert status == 2 and error.count("\n") == 1
    assert "clips_of_class: expected some of broken, coated, eloxed, got 'brokn'; did you mean 'broken'?" in error
    assert not (tmp_path / "out").exists() and not (tmp_path / "run").exists()


@pytest.mark.parametrize("command", ["classify", "experiment"])
def test_count_above_what_there_is_is_refused_before_anything_is_trained(command, run, tmp_path, capfd):
    out = (f"--output_dir={tmp_path / 'out'}", "--levels=4", "--methods=baseline")
    assert run(COMMANDS[command], *out, "--clips_of_class=broken:7") == 2
    error = capfd.readouterr().err
    assert "clips_of_class: expected at most 6 for class 'broken', which has no more training clips" in error
    assert error.count("\n") == 1 and not (tmp_path / "out").exists()


@pytest.mark.slow
def test_generator_classifier_and_measures_of_a_scarce_class_are_of_the_same_clips(run, tmp_path, capfd):
    gan, clips, out = tmp_path / "gaussian", tmp_path / "clips", tmp_path / "out"
    assert run(train, "--generator=gaussian", *SCARCE, f"--train_root_dir={gan}") == 0
    assert run_command(generate.main, ["x", f"--train_root_dir={gan}", f"--output_dir={clips}", SIZE[-1]]) == 0
    method = ("--method=gan", f"--synthetic_dir={clips}", f"--output_dir={out}", "--class_balance=balanced")
    assert run(classify, *SCARCE[:1], *method) == 2
    assert "give both the same --clips_per_class, --clips_of_class and --subset_seed" in capfd.readouterr().err
    assert run(classify, *SCARCE, *method) == 0
    assert "4 steps of 256 with classes balanced" in capfd.readouterr().out
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["counts"]["train"] == {"broken": 2, "coated": 5, "eloxed": 5}
    assert result["counts"]["synthetic"] == {"broken": 4, "coated": 4, "eloxed": 4}
    assert result["mean_recall"] == pytest.approx(sum(result["recall"].values()) / 3)
    assert set(result["precision"]) == set(result["recall"])
    assert run(evaluate, *SCARCE, f"--synthetic_dir={clips}") == 0
    assert run(classify, *SCARCE[:1], "--clips_of_class=broken:1", *method) == 2


def test_plenty_of_the_other_classes_needs_no_level(run, tmp_path):
    assert run(classify, "--clips_of_class=broken:2", "--method=lda", f"--output_dir={tmp_path}") == 0
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result["counts"]["train"] == {"broken": 2, "coated": 6, "eloxed": 6}
    assert result["steps"] == 0


def test_lda_is_trained_asked_and_exported_like_any_classifier(run, recordings, tmp_path, capfd):
    folder = tmp_path / "lda"
    assert run(classify, *SCARCE, "--method=lda", f"--output_dir={folder}") == 0
    assert "lda: shrunk linear discriminant analysis of band statistics" in capfd.readouterr().out
    assert run(classify, *SCARCE, "--method=lda", f"--output_dir={folder}") == 0
    assert "finished, nothing to do" in capfd.readouterr().out
    of_networks = ("--classifier_steps=9", "--classifier=three_layer", "--classifier_dropout=0.1")
    assert run(classify, *SCARCE, "--method=lda", *of_networks, f"--output_dir={folder}") == 0
    assert "finished, nothing to do" in capfd.readouterr().out
    assert run(classify, *SCARCE, "--method=lda", "--class_balance=balanced", f"--output_dir={folder}") == 2
    assert "holds another classifier (class_balance: none -> balanced)" in capfd.readouterr().err
    files = [str(path) for path in sorted((recordings / "test").rglob("*.wav"))]
    answers = {}
    for form in ("trained", "saved_model", "keras", "litert"):
        model = folder
        if form != "trained":
            model = tmp_path / form
            arguments = [f"--classifier_dir={folder}", f"--export_dir={model}", f"--format={form}"]
            assert run_command(export.main, ["export", *arguments, "--feature_cache_dir="]) == 0
            assert "linear discriminant analysis" in (model / "MODEL_CARD.md").read_text(encoding="utf-8")
        capfd.readouterr()
        assert run_command(predict.main, ["predict", f"--model={model}", "--json", *files]) == 0
        answers[form] = json.loads(capfd.readouterr().out)["predictions"]
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    right = [answer["class"] == path.split("/")[-2] for answer, path in zip(answers["trained"], files, strict=True)]
    assert sum(right) / len(right) == pytest.approx(result["accuracy_per_file"])
    accuracies = [
        row["accuracy"] for row in json.loads((tmp_path / "litert" / "comparison.json").read_text())["models"]
    ]
    assert accuracies == pytest.approx([result["accuracy_per_clip"]] * 5, abs=1.01 / 9)  # float16 may turn a clip
    for form in ("saved_model", "keras", "litert"):
        for answer, expected in zip(answers[form], answers["trained"], strict=True):
            assert answer["probabilities"] == pytest.approx(expected["probabilities"], abs=1e-4)


@pytest.mark.slow
def test_experiment_of_a_scarce_class_with_lda_gives_rows_and_a_report_and_changes_no_number_of_the_others(
    run, tmp_path, capfd
):
    arguments = (
        *(f"--output_dir={tmp_path / 'all'}", "--levels=5", "--clips_of_class=broken:2", "--class_balance=balanced"),
        *("--methods=augmented,gan,lda", "--generators=gaussian", "--gan_repeats=1"),
        *("--subset_seeds=0,1", "--trials=2"),
    )
    assert run(experiment, *arguments) == 0
    output = capfd.readouterr().out
    assert "of broken 2 clips; batches balanced by class" in output
    rows = read_rows(tmp_path / "all" / "results.jsonl")
    # 2 subsets x (augmented and gan twice each, lda once)
    assert len(rows) == 2 * (2 + 2 + 1)
    for row in rows:
        assert row["counts"]["train"] == {"broken": 2, "coated": row["level"], "eloxed": row["level"]}
        assert row["clips_of_class"] == {"broken": 2} and row["class_balance"] == "balanced"
        assert row["mean_recall"] == pytest.approx(sum(row["recall"].values()) / 3)
    assert {row["steps"] for row in rows if row["method"] == "lda"} == {0}
    assert run(experiment, *arguments) == 0
    assert "10 classifiers, 10 of them trained before" in capfd.readouterr().out
    assert run(experiment, *arguments, "--clips_of_class=coated:2") == 2
    assert "holds another experiment (clips_of_class: " in capfd.readouterr().err

    (tmp_path / "others").mkdir()
    for row in rows:
        if row["method"] != "lda":
            append_row(tmp_path / "others" / "results.jsonl", row)
    for name in ("all", "others"):
        assert run_command(report.main, ["report", f"--experiment_dir={tmp_path / name}", "--paper_set=mb"]) == 0
    assert "## Scarce class" in (tmp_path / "all" / "report.md").read_text(encoding="utf-8")
    for name in ("accuracy", "differences", "scarce_class", "recall_5"):
        lines = {
            folder: (tmp_path / folder / "report_files" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
            for folder in ("all", "others")
        }
        ours = [line for line in lines["all"] if "lda" not in line]
        assert len(ours) < len(lines["all"])
        assert ours == lines["others"]
    statements = [tmp_path / name / "report_files" / "statements.csv" for name in ("all", "others")]
    assert statements[0].read_bytes() == statements[1].read_bytes()
