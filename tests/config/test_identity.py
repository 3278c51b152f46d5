"""What follows from declarations, on groups that no part of the package knows."""

from dataclasses import dataclass, field, replace

import pytest

from gansynth_isa.cli.options import generator_settings
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig, GenerationConfig, GridConfig
from gansynth_isa.config.identity import (
    FREE_AMONG_WORKERS,
    FREE_IN_CLASSIFIER,
    FREE_IN_EXPERIMENT,
    FREE_IN_RUN,
    changes,
    decided_by,
    free_names,
    setting_names,
    setting_values,
    without,
)
from gansynth_isa.validation import Decides, Validated, setting


@dataclass(frozen=True)
class Toy(Validated):
    toy_size: int = setting(1, "what it becomes", Decides.TRAINING)
    toy_dir: str = setting("here", "where it lies", Decides.PLACE)
    toy_jobs: int = setting(1, "how fast, and by which sums", Decides.SPEED | Decides.MACHINE)


@dataclass(frozen=True)
class House:
    generators: dict[str, Toy] = field(default_factory=dict)
    others: tuple[Toy, ...] = ()
    absent: Toy | None = None


def test_setting_that_declares_nothing_is_refused():
    with pytest.raises(TypeError):
        setting(1, "a number")
    for nothing in (None, "training", Decides(0)):
        with pytest.raises(TypeError, match="expected what the setting decides"):
            setting(1, "a number", nothing)


def test_field_that_is_no_setting_is_refused():
    with pytest.raises(TypeError, match="generators: expected a field made by validation.setting"):
        decided_by(House.__dataclass_fields__["generators"])


def test_names_and_values_are_those_that_decide_any_of_what_is_asked():
    assert setting_names(Toy, Decides.PLACE | Decides.MACHINE) == ("toy_dir", "toy_jobs")
    assert setting_values(Toy(toy_size=3), Decides.TRAINING | Decides.CLIPS) == {"toy_size": 3}


def test_setting_is_free_when_all_that_it_decides_is_free():
    assert free_names(Toy, Decides.PLACE | Decides.SPEED) == {"toy_dir"}
    assert free_names(Toy, Decides.PLACE | Decides.SPEED | Decides.MACHINE) == {"toy_dir", "toy_jobs"}


def test_without_resets_free_settings_in_mappings_and_tuples():
    changed = Toy(toy_size=2, toy_dir="there")
    house = House({"toy": changed}, (changed,))
    assert without(house, Decides.PLACE) == House({"toy": Toy(toy_size=2)}, (Toy(toy_size=2),))


def test_without_of_what_holds_neither_settings_nor_groups_is_refused():
    with pytest.raises(TypeError, match="generators: expected a setting or a group of settings, got 'gaussian'"):
        without(House(generators="gaussian"), Decides.PLACE)


def test_changes_name_what_differs_and_is_not_free():
    old = House({"toy": Toy()})
    new = House({"toy": replace(Toy(), toy_size=2, toy_dir="there")})
    assert changes(old, new, Decides.PLACE) == ["toy_size: 1 -> 2"]


# As version 0.1 kept them by hand, but for `generators`, of which it had one. A setting that is free needs a reason:
# whoever adds one names it here too.
PLACES = {"data_dir", "manifest", "skip_bad_files"}
# What lies there is told by its checksum, which is a setting too.
OF_KINDS, OF_CLASSIFIERS = {"imported_dir"}, {"embedding_model", "classifier_init_from"}
OF_GENERATION = {"init_from"}
OF_GENERATORS = (DataConfig, FeatureConfig, *generator_settings())
REPORTS = {
    *("save_summaries_num_images", "save_checkpoints_num_images"),
    *("diffusion_save_summaries_num_images", "diffusion_save_checkpoints_num_images"),
}


@pytest.mark.parametrize(
    ("free", "groups", "expected"),
    [
        (FREE_IN_RUN, OF_GENERATORS, {*PLACES, *OF_KINDS, *REPORTS, "dataset_name"}),
        (
            FREE_AMONG_WORKERS,
            OF_GENERATORS,
            {*PLACES, *OF_KINDS, *REPORTS, "dataset_name", "mixed_precision", "minibatch_groups"},
        ),
        (FREE_IN_CLASSIFIER, (DataConfig, FeatureConfig, ClassifierConfig), {*PLACES, *OF_CLASSIFIERS}),
        (
            FREE_IN_EXPERIMENT,
            (*OF_GENERATORS, ClassifierConfig, GridConfig, GenerationConfig),
            {
                *PLACES,
                *OF_KINDS,
                *OF_CLASSIFIERS,
                *OF_GENERATION,
                *("dataset_name", "clips_per_class", "subset_seed", "method"),
                *("levels", "methods", "generators", "subset_seeds", "gan_repeats", "trials", "instrument_trials"),
            },
        ),
    ],
    ids=["run", "workers", "classifier", "experiment"],
)
def test_free_settings_are_those_of_folders_that_earlier_versions_wrote(free, groups, expected):
    assert set().union(*(free_names(group, free) for group in groups)) == expected
