import dataclasses

import numpy as np
import pytest

from gansynth_isa.checks import baseline
from gansynth_isa.checks.baseline import candidates, inner_accuracies, nested_rows, outer_accuracies
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.errors import InputError

QUICK = ClassifierConfig(classifier_steps=30, classifier_batch_size=8, classifier_learning_rate=0.03)


def with_swapped_classes(clips, group):
    """The same clips, but in `group` each class has the features of the other."""
    spectrograms = clips.spectrograms.copy()
    chosen = np.array(clips.groups) == group
    spectrograms[chosen] = 1.0 - spectrograms[chosen] + 2 * int(group) / 10
    return dataclasses.replace(clips, spectrograms=spectrograms)


@pytest.mark.slow
def test_choice_is_not_changed_by_what_the_test_group_holds_but_by_what_another_holds(clips):
    settings = {"only": QUICK}
    before = inner_accuracies(clips, "3", level=2, draws=1, settings=settings)
    assert before == {"only": 1.0}  # the classes of every group are plain to tell apart
    assert inner_accuracies(with_swapped_classes(clips, "3"), "3", level=2, draws=1, settings=settings) == before
    changed = inner_accuracies(with_swapped_classes(clips, "2"), "3", level=2, draws=1, settings=settings)
    assert changed["only"] < 0.5  # trained on 1 and tested on the swapped 2, and the other way round


def test_outer_accuracies_are_those_of_the_test_group(clips):
    classifier, yardstick = outer_accuracies(with_swapped_classes(clips, "1"), "1", level=2, draws=2, config=QUICK)
    assert len(classifier) == len(yardstick) == 2
    assert max(classifier) < 0.5 and max(yardstick) < 0.5


@pytest.mark.slow
def test_nested_rows_name_the_best_candidate_of_the_inner_groups(clips, monkeypatch):
    quick = dataclasses.replace(QUICK, classifier_steps=2)
    two = dict(list(candidates(quick).items())[::7])  # the first and the last, of either architecture
    monkeypatch.setattr(baseline, "candidates", lambda base: two)
    row = next(nested_rows(clips, levels=(2,), choice_level=2, draws=1, base=quick))
    assert row["inner_accuracies"].keys() == two.keys()
    assert row["inner_accuracies"][row["chosen"]] == max(row["inner_accuracies"].values())


def test_candidates_are_two_architectures_with_two_dropouts_and_two_weight_decays():
    found = candidates(QUICK)
    assert len(found) == 8
    for name, values in (
        ("classifier", {"cnn", "three_layer"}),
        ("classifier_dropout", {0.0, 0.5}),
        ("classifier_weight_decay", {0.02, 2.0}),
    ):
        assert {getattr(config, name) for config in found.values()} == values
    assert {config.classifier_steps for config in found.values()} == {QUICK.classifier_steps}


def test_choice_among_two_groups_is_refused(clips):
    two = clips.select([index for index, group in enumerate(clips.groups) if group != "3"])
    with pytest.raises(InputError, match="expected 3 groups and more, got 2: 1, 2"):
        inner_accuracies(two, "1", level=2, draws=1, settings={"only": QUICK})
