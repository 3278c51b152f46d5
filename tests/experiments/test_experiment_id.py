"""Published rows keep the experiment that they name: their settings and data still have its identity."""

import json
from types import SimpleNamespace

import pytest

from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.resolution import resolved_generator
from gansynth_isa.derived import resolve_features
from gansynth_isa.experiments.config import ExperimentConfig, experiment_ids

# Folder of docs/results/gan_as_published -> its command (README.md there) and the SHA-256 of its data (report.html).
BALLS = "0800a4e928f73f4dc8daddace17720915fd85e8f94bf9a9a35c8d6233a61c717"
PUBLISHED = {
    "bulk_material": (
        ["bulk_material", "--levels=4,9"],
        "7af173d57fe51606a4d0462309d2689bee4d564a3dd748fb8f2831f034eaab77",
    ),
    "building_impacts": (["building_impacts"], "d1abf273ad56c8814876564bef8997e23a135caeb7871536ee7c059b3ef10a14"),
    "simulated_mb": (["mb_two_cores", "--real_share=union", "--dataset_name=simulated_mb"], BALLS),
    "simulated_mb_paper_budget": (
        ["mb_two_cores", "--real_share=union", "--budget=paper", "--dataset_name=simulated_mb"],
        BALLS,
    ),
    "simulated_pucks": (
        ["pucks_two_cores", "--real_share=union"],
        "4aacaac1142d53acdf4d70fb10156da0bbe4c90198d86347ecf193cd0e475a52",
    ),
}


def identity_of(arguments: list[str], data_sha256: str, repository) -> str:
    flags, *rest = arguments
    files = [f"--flagfile={repository / 'flags' / name}.flags" for name in (flags, "as_published")]
    options = parse_options(["x", *files, *rest], "")
    features = resolve_features(options.data, options.features)
    generators = {"gansynth": resolved_generator(options, "gansynth", options.data, features)}
    config = ExperimentConfig(options.data, features, generators, options.classifier, options.grid, options.seeds)
    return experiment_ids(config, SimpleNamespace(fingerprint=lambda: {"sha256": data_sha256}))[0]


@pytest.mark.parametrize("name", PUBLISHED)
def test_experiment_id_of_a_published_experiment_is_that_of_its_rows(name, repository):
    rows = (
        (repository / "docs" / "results" / "gan_as_published" / name / "results.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    assert {json.loads(row)["experiment"] for row in rows} == {identity_of(*PUBLISHED[name], repository)}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["bulk_material", "--levels=4,9", "--seed=3"], "17448b7a5766"),
        (
            [
                *(
                    "pucks_two_cores",
                    "--real_share=union",
                    "--seed=7",
                    "--classifier_dropout=0.25",
                    "--folds=group",
                    "--test_groups=a,b",
                ),
                *("--data_normalizer=specgrams_freq_normalizer", "--data_type=mel", "--mixed_precision=bfloat16"),
                *("--save_summaries_num_images=10", "--subset_seed=2", "--clips_per_class=5", "--method=gan"),
                *("--data_dir=/x", "--dataset_name=y", "--skip_bad_files"),
            ],
            "07eeb8d2dd66",
        ),
    ],
)
def test_experiment_id_is_that_of_rows_which_version_0_1_wrote(arguments, expected, repository):
    assert identity_of(arguments, "0" * 64, repository) == expected


def test_experiment_id_changes_with_a_setting_and_with_the_data(repository):
    arguments, data = PUBLISHED["bulk_material"]
    identities = {
        identity_of(arguments, data, repository),
        identity_of([*arguments, "--classifier_dropout=0.4"], data, repository),
        identity_of(arguments, BALLS, repository),
    }
    assert len(identities) == 3
