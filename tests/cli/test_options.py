"""Flags, flagfiles, presets and --hparams; expectations are the contract in the paper's Table 2 and the interface."""

import dataclasses
import subprocess
import sys

import pytest

from gansynth_isa.classifiers.budget import num_steps, with_equal_steps
from gansynth_isa.cli.flag_parsing import define_flags, help_text, parse_command_line
from gansynth_isa.cli.options import flag_groups, parse_options, setting_groups
from gansynth_isa.cli.presets import PRESETS
from gansynth_isa.cli.resolution import resolved_features
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.derived import clip_samples
from gansynth_isa.errors import InputError
from gansynth_isa.experiments.config import ExperimentConfig, experiment_ids
from gansynth_isa.experiments.rows.files import read_rows
from gansynth_isa.generators.gansynth.config import GanConfig
from gansynth_isa.generators.gansynth.cost import run_flops
from gansynth_isa.generators.gansynth.resolution import resolve
from gansynth_isa.generators.gansynth.stages import stage_plan
from gansynth_isa.generators.registry import kind_named


def parse(*arguments):
    return parse_options(["command", *arguments], "does something")


def gansynth(*arguments):
    """Settings of the progressive GAN."""
    return parse(*arguments).generators["gansynth"]


def gan_of(options):
    """What a run of the progressive GAN is made of."""
    own = options.generators["gansynth"]
    return GanConfig(data=options.data, features=options.features, network=own.network, training=own.training)


def test_switch_of_a_generator_is_converted():
    assert not gansynth("--notrain_progressive").training.train_progressive
    assert gansynth("--train_progressive").training.train_progressive


def test_options_without_flags_are_the_defaults():
    options = parse()
    assert options.generators["gansynth"].network.fmap_max == 256
    assert options.data.test_groups == ()
    assert options.generators["gansynth"].training.total_num_images is None


def test_every_setting_is_a_flag_with_its_help():
    values = define_flags(flag_groups())
    for kind in setting_groups():
        for item in dataclasses.fields(kind):
            assert values[item.name].help == item.metadata["help"]


def test_setting_names_are_unique_among_the_groups():
    names = [item.name for kind in flag_groups() for item in dataclasses.fields(kind)]
    repeated = {name for name in names if names.count(name) > 1}
    assert repeated == {"seed"}  # the GAN's runs keep the command's


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("--levels=4, 9,18", ("grid", "levels", (4, 9, 18))),
        ("--methods=gan,baseline", ("grid", "methods", ("gan", "baseline"))),
        ("--clip_seconds=2", ("data", "clip_seconds", 2.0)),
        ("--peak_normalize", ("data", "peak_normalize", True)),
        ("--seed=7", ("seeds", "seed", 7)),
        ("--generators=gaussian", ("grid", "generators", ("gaussian",))),
        ("--min_clip_dbfs=-48", ("data", "min_clip_dbfs", -48.0)),
        ("--classes=a,b", ("command", "classes", ("a", "b"))),
        ("--feature_cache_dir=", ("command", "feature_cache_dir", None)),
    ],
)
def test_flag_of_each_type_is_converted(argument, expected):
    group, name, value = expected
    assert getattr(getattr(parse(argument), group), name) == value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fmap_mx=4"], r"--fmap_mx: no such flag; did you mean '--fmap_max'\?"),
        (["--fmap_max=many"], "--fmap_max=many: expected a whole number, got 'many'"),
        (["--levels=4,x"], "expected a comma-separated list, each a whole number, got '4,x'"),
        (["--fmap_max=0"], "fmap_max: expected at least 1, got 0"),
        (["--levels=0,4"], "levels: expected one or more positive numbers, got 0, 4"),
        (["--dry_run=maybe"], "--dry_run=maybe: expected true or false"),
        (["--dataset=mbb"], r"dataset: expected one of mb, pucks, folder, got 'mbb'; did you mean 'mb'\?"),
        (["--clip_seconds=nan"], "clip_seconds: expected a finite number"),
        (["--methods=gann"], r"methods: expected some of .*; did you mean 'gan'\?"),
        (["--flagfile=/does/not/exist"], "flagfile: /does/not/exist: no such file"),
        (["extra"], "'extra': expected flags of the form --name=value only"),
        (["--fmap_max"], "Missing value for flag --fmap_max"),
    ],
)
def test_wrong_flag_is_one_clear_line(arguments, message):
    with pytest.raises(InputError, match=message) as raised:
        parse(*arguments)
    assert "\n" not in str(raised.value)


def test_flag_after_flagfile_overrides_it():
    assert gansynth("--flagfile=mb", "--fmap_max=32").network.fmap_max == 32


def test_trial_seed_follows_seed_unless_given():
    assert parse("--seed=3").classifier.trial_seed == 3
    assert parse("--seed=3", "--trial_seed=4").classifier.trial_seed == 4


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_flagfile_of_a_preset_says_what_the_preset_says(name, repository):
    values = define_flags(flag_groups())
    given = parse_command_line(values, ["command", f"--flagfile={repository}/flags/{name}.flags"])
    given.pop("flagfile", None)
    assert given == {"dataset": name, **PRESETS[name]}


@pytest.mark.parametrize(
    ("name", "images", "final", "blocks", "start", "total"),
    [("mb", 8_000, (32, 1024), 5, (2, 64), 72_000), ("pucks", 80_000, (512, 1024), 9, (2, 4), 1_360_000)],
)
def test_preset_is_table_2_of_the_paper(name, images, final, blocks, start, total):
    config = resolve(gan_of(parse(f"--dataset={name}")))
    assert config.training.stable_stage_num_images == config.training.transition_stage_num_images == images
    assert (config.features.frames, config.features.mel_bins) == final
    assert config.network.num_resolutions == blocks
    assert config.network.start_resolution == start
    stages = stage_plan(config.training, config.network)
    assert stages[-1].end_image == total
    assert stages[-1].resolution == final
    decay_per_step = 0.5 ** (8 / config.training.moving_average_half_life_images)
    assert decay_per_step == pytest.approx(0.999, abs=1e-7)


@pytest.mark.parametrize(("name", "classifier", "epochs"), [("mb", "cnn420", 70), ("pucks", "three_layer", 1500)])
def test_preset_trains_classifiers_as_the_paper_does(name, classifier, epochs):
    config = parse(f"--dataset={name}").classifier
    assert (config.classifier, config.classifier_epochs, config.classifier_batch_size) == (classifier, epochs, 256)
    assert config.budget == "equal" and config.classifier_steps is None
    assert (config.classifier_learning_rate, config.classifier_schedule) == (0.001, "constant")
    assert (config.classifier_weight_decay, config.real_share) == (0.0, "union")
    assert config.decide_per == {"mb": "clip", "pucks": "recording"}[name]


@pytest.mark.parametrize(
    ("flag", "augmentation"),
    [
        ("--dataset=folder", "spectrogram"),
        ("--dataset=mb", "spectrogram"),
        ("--dataset=pucks", "mixup_image_pool"),
        ("--flagfile=flags/mb_two_cores.flags", "spectrogram"),
        ("--flagfile=flags/pucks_two_cores.flags", "mixup_image_pool"),
    ],
)
def test_preset_augments_as_the_paper_says(flag, augmentation, repository, monkeypatch):
    monkeypatch.chdir(repository)
    config = parse(flag).classifier
    assert (config.augmentation, config.augmentation_probability) == (augmentation, 0.5)


@pytest.mark.slow
def test_published_rows_are_those_of_their_flagfile_still(bulk_material, repository):
    files = [f"--flagfile={repository}/flags/{name}.flags" for name in ("bulk_material", "as_published")]
    options = parse(*files, f"--data_dir={bulk_material.data_dir}")
    data, features = resolved_features(options)
    gansynth = kind_named("gansynth").resolve(options.generators["gansynth"], features)
    config = ExperimentConfig(data, features, {"gansynth": gansynth}, options.classifier, options.grid, options.seeds)
    few_bins = dataclasses.replace(features, mel_bins=4)  # of the clips only what they were made from counts
    identity = experiment_ids(config, load_clips(data, few_bins))[0]
    rows = read_rows(repository / "docs" / "results" / "gan_as_published" / "bulk_material" / "results.jsonl")
    assert {row["experiment"] for row in rows} == {identity}


@pytest.mark.parametrize(("name", "minutes"), [("mb", 10), ("pucks", 15)])
def test_gan_of_a_two_core_flagfile_is_done_in_minutes(name, minutes):
    config = resolve(gan_of(parse(f"--flagfile={name}_two_cores")))
    flops = run_flops(stage_plan(config.training, config.network), config.network)
    # Measured on flags/bulk_material.flags: 63 TFLOP in 7 minutes, on cores of 240 GFLOP/s.
    assert flops / (63e12 / 7) < minutes


@pytest.mark.parametrize("name", ["mb", "pucks"])
def test_every_line_of_a_two_core_flagfile_changes_the_preset(name, repository):
    values = define_flags(flag_groups())
    given = parse_command_line(values, ["command", f"--flagfile={repository}/flags/{name}_two_cores.flags"])
    assert given.pop("dataset") == name
    assert not [setting for setting in given if PRESETS[name].get(setting) == given[setting]]


def test_preset_cuts_clips_as_the_paper_does():
    assert clip_samples(parse("--dataset=mb").data) == 17_640
    pucks = parse("--dataset=pucks").data
    assert clip_samples(pucks) == 220_500
    assert pucks.clip_overlap == 0.5


@pytest.mark.parametrize(
    "name",
    [
        "mb",
        "mb_figure_2",
        "pucks",
        "mb_two_cores",
        "pucks_two_cores",
        "folder_two_cores",
        "bulk_material",
        "building_impacts",
        "demo",
    ],
)
def test_published_flagfile_is_accepted_by_the_common_parser(name, repository):
    options = parse(f"--flagfile={repository}/flags/{name}.flags")
    assert options.data.clip_seconds is not None
    assert options.data.data_dir is None
    assert options.data.test_groups == ()
    assert options.generators["gansynth"].training.total_num_images is None


@pytest.mark.parametrize(("level", "with_clips", "without"), [(4, 2450, 70), (18, 2520, 140), (72, 2870, 490)])
def test_steps_of_figure_2_are_those_that_its_page_names(level, with_clips, without, repository):
    options = parse(f"--flagfile={repository}/flags/mb_figure_2.flags")
    config, num_synthetic = options.classifier, 3 * options.grid.samples_per_class
    assert level in options.grid.levels and (config.classifier, config.budget) == ("cnn420", "equal")
    equal = with_equal_steps(config, 3 * level, num_synthetic)
    paper = dataclasses.replace(config, budget="paper")
    assert num_steps(equal, 3 * level) == num_steps(paper, 3 * level + num_synthetic) == with_clips
    assert num_steps(paper, 3 * level) == without


def test_help_names_every_flag_with_its_default():
    values = define_flags(flag_groups())
    text = help_text(values, flag_groups(), "command", "does something")
    assert "usage: command" in text
    assert "--fmap_max=int  (default: 256)" in text
    for name in values:
        assert name == "help" or name == "h" or f"{name}" in text


def test_train_root_dir_defaults_to_the_name_of_the_data(tmp_path):
    assert parse("--data_dir=/data/impacts").train_root_dir().as_posix() == "tensorboard_logs/impacts"
    assert parse("--data_dir=/data/x", "--dataset_name=y").train_root_dir().name == "y"
    assert parse(f"--train_root_dir={tmp_path}").train_root_dir() == tmp_path
    with pytest.raises(InputError, match="train_root_dir"):
        parse().train_root_dir()


def test_parsing_does_not_import_tensorflow():
    code = (
        "import sys; from gansynth_isa.cli.options import parse_options; "
        "import gansynth_isa.cli.train, gansynth_isa.cli.generate, gansynth_isa.cli.classify, "
        "gansynth_isa.cli.evaluate, gansynth_isa.cli.experiment, gansynth_isa.cli.report, gansynth_isa.cli.inspect; "
        "parse_options(['x', '--dataset=mb'], ''); "
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("flag", ["--levels=9,9", "--methods=gan,gan", "--subset_seeds=1,2,1"])
def test_repeated_entry_of_the_grid_is_refused(flag):
    with pytest.raises(InputError, match="expected one entry or more, each of them once"):
        parse(flag)


def test_subset_seeds_follow_subset_seed_unless_given():
    assert parse("--subset_seed=5").grid.subset_seeds == (5,)
    assert parse("--subset_seed=5", "--subset_seeds=1,2").grid.subset_seeds == (1, 2)
