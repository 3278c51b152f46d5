import dataclasses

import pytest

from gansynth_isa.choosing.candidates import (
    FOR_EVENTS,
    FOR_STEADY,
    Candidate,
    candidate_named,
    candidates_of,
    kinds_of,
    num_networks,
    real_counterpart,
)
from gansynth_isa.choosing.supply import Supply
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.classifier import AUTO_CANDIDATES
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import TrainingData
from gansynth_isa.generators.gaussian.config import GaussianConfig


def of(*names, **settings):
    settings = {"auto_default": "augmented"} | settings
    return candidates_of(ClassifierConfig(method="auto", auto_candidates=names, **settings))


@pytest.mark.parametrize(
    ("name", "method", "kind", "use"),
    [
        ("baseline", "baseline", None, None),
        ("augmented", "augmented", None, None),
        ("gan", "gan", "gansynth", None),
        ("gan_augmented", "gan_augmented", "gansynth", None),
        ("gaussian", "gan", "gaussian", None),
        ("gaussian_augmented:pretrain", "gan_augmented", "gaussian", "pretrain"),
        ("oracle:weighted", "gan", "oracle", "weighted"),
    ],
)
def test_candidate_is_named_like_a_cell_of_an_experiment_with_a_use_behind_it(name, method, kind, use):
    assert candidate_named(name) == Candidate(name, method, kind, use)


def test_default_is_weighed_first_whether_it_is_named_or_not():
    assert [each.name for each in of("baseline", "gaussian")] == ["augmented", "baseline", "gaussian"]
    assert [each.name for each in of("baseline", "augmented")] == ["augmented", "baseline"]
    chosen = of("baseline", auto_default="gaussian:pretrain")
    assert [each.name for each in chosen] == ["gaussian:pretrain", "baseline"]


def test_default_that_does_not_exist_is_refused_by_its_setting():
    with pytest.raises(InputError, match="auto_default: expected some of .*; did you mean 'augmented'"):
        of("baseline", auto_default="augmentd")


def test_settings_of_the_gaussian_that_are_left_open_are_those_that_development_sets_name(make_clips):
    data, features = DataConfig(clip_seconds=0.05), FeatureConfig(mel_bins=16, frames=4)
    training = TrainingData(make_clips(3, 0), data, features)
    left_open = Supply(training, {"gaussian": GaussianConfig()}, 60, 0).settings_of("gaussian")
    assert (left_open.gaussian_sharing, left_open.gaussian_smoothing) == (1.0, 1000.0)
    given = Supply(training, {"gaussian": GaussianConfig(gaussian_sharing=0.0)}, 60, 0).settings_of("gaussian")
    assert (given.gaussian_sharing, given.gaussian_smoothing) == (0.0, 1000.0)


def test_candidates_without_the_setting_need_no_kind_that_trains_for_minutes():
    assert "gansynth" not in kinds_of(candidates_of(ClassifierConfig()))
    assert {FOR_EVENTS, FOR_STEADY} <= set(AUTO_CANDIDATES)


def test_candidate_that_stands_there_under_two_names_is_refused():
    with pytest.raises(InputError, match="expected different ones, got gaussian_augmented and gaussian_augmented:mix"):
        of("gaussian_augmented", "gaussian_augmented:mix")
    with pytest.raises(InputError, match="auto_default: by_sound:mix: expected no use behind by_sound"):
        of("baseline", auto_default="by_sound:mix")


def test_candidates_that_train_a_network_are_counted_and_lda_is_none():
    """Of gaussian_augmented, augmented, baseline, gaussian_augmented:pretrain and lda."""
    assert num_networks(candidates_of(ClassifierConfig())) == 4
    assert num_networks(of("lda", auto_default="lda")) == 0


def test_use_of_a_candidate_is_its_own_and_else_that_of_the_settings():
    config = ClassifierConfig(synthetic_use="weighted", synthetic_weight=0.3)
    own = candidate_named("gaussian_augmented:pretrain").settings(config)
    assert own == dataclasses.replace(config, method="gan_augmented", synthetic_use="pretrain")
    assert candidate_named("gaussian").settings(config) == dataclasses.replace(config, method="gan")


@pytest.mark.parametrize(
    ("name", "left"), [("gaussian", "baseline"), ("gaussian_augmented:pretrain", "augmented"), ("lda", "augmented")]
)
def test_real_counterpart_is_the_candidate_without_its_synthetic_clips(name, left):
    assert real_counterpart(candidate_named(name)).name == left


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("gausian_augmented",), "expected some of baseline, .*got 'gausian_augmented'; did you mean 'gaussian_augme"),
        (("auto",), "auto_candidates: expected some of baseline, .*, got 'auto'"),
        (("gaussian:pretrian",), "gaussian:pretrian: expected a use among mix, .*; did you mean 'pretrain'?"),
        (("gaussian:",), "expected a use among mix, pretrain, weighted, got ''"),
        (("baseline:mix",), "baseline:mix: expected no use behind baseline, which has no synthetic clips"),
        (("baseline", "baseline"), "expected one name or more, each of them once, got 'baseline, baseline'"),
        ((), "expected one name or more"),
        (
            ("baseline", "gan", "gaussian", "gan_augmented", "oracle", "gaussian_augmented"),
            "expected at most 6, augmented counted, got 7",
        ),
    ],
)
def test_candidates_that_do_not_exist_or_are_too_many_are_refused(names, message):
    with pytest.raises(InputError, match=message):
        of(*names)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"budget": "paper"}, "budget: expected 'equal' for --method=auto"),
        ({"synthetic_statistics": "apart"}, "synthetic_statistics: expected joint for --synthetic_use=pretrain"),
        ({"classifier_init_from": "C"}, "classifier_init_from: expected none with --method=auto, .*, got C"),
        ({"classifier_steps": 1}, "classifier_steps: expected at least 2 for a candidate that uses pretrain, got 1"),
    ],
)
def test_settings_that_do_not_go_with_the_candidates_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        of("gaussian:pretrain", **settings)
