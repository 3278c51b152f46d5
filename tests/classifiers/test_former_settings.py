"""Settings of earlier versions; expected values are what those versions did."""

import pytest

from gansynth_isa.classifiers.former_settings import as_hashed, completed
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.validation import differences, to_dict


@pytest.mark.parametrize(("dataset", "decide_per"), [("pucks", "recording"), ("mb", "clip"), ("folder", "clip")])
def test_settings_from_before_decisions_were_one_decide_as_then(dataset, decide_per):
    stored = to_dict(ClassifierConfig(classifier="cnn420")) | {"real_share": 0.0}
    del stored["decide_per"]
    known = completed(stored, dataset)
    assert (known["decide_per"], known["real_share"], known["classifier"]) == (decide_per, "union", "cnn420")


def test_settings_of_today_are_left_as_they_are():
    stored = to_dict(ClassifierConfig(decide_per="clip", real_share=0.5))
    assert completed(stored, "pucks") == stored


@pytest.mark.parametrize(
    ("dataset", "settings", "lines"),
    [
        ("pucks", {"decide_per": "recording", "real_share": "union"}, ["real_share: None -> 0.0"]),
        ("pucks", {}, ["decide_per: recording -> clip"]),
        ("folder", {}, []),
        (
            "mb",
            {"decide_per": "recording", "mixup_alpha": 1.0},
            ["mixup_alpha: 0.2 -> 1.0", "decide_per: clip -> recording"],
        ),
        ("mb", {"real_share": 0.5}, ["real_share: None -> 0.5"]),
    ],
)
def test_changes_are_hashed_in_the_words_of_the_first_version(dataset, settings, lines):
    config = ClassifierConfig(**settings)
    assert as_hashed(differences(ClassifierConfig(), config), config, dataset) == lines
