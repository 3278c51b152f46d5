"""What is chosen, trained for real on sets where the answer is known."""

import dataclasses
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

from gansynth_isa import SplitClips, choose_classifier
from gansynth_isa.choosing import comparison
from gansynth_isa.choosing.choice import choose, plan_choice, train_chosen
from gansynth_isa.classifiers import supervised
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.errors import InputError


def chosen(config, supply, folder, console):
    plan = plan_choice(config, supply)
    return plan, choose(plan, supply, folder, console)


@pytest.mark.parametrize(
    ("swaps", "offset", "expected"), [(True, 1.0, "oracle"), (False, 1.0, "augmented"), (False, -1.0, "augmented")]
)
def test_default_is_overruled_by_a_candidate_that_is_clearly_better_and_by_no_other(
    swaps, offset, expected, config, supply_of, console, tmp_path, make_clips, monkeypatch
):
    """An augmentation that swaps the classes makes the default worse than chance; else real clips teach all there is.

    A generator with the opposite offset calls each class by the other's name.
    """

    def policy(clips, class_weights, step):
        return clips, class_weights[:, ::-1] if swaps else class_weights

    monkeypatch.setattr(supervised, "make_policy", lambda *_: policy)
    supply = supply_of(make_clips(16, groups_per_class=2), oracle_offset=offset)
    two_trials = dataclasses.replace(config, classifier_steps=60, auto_minutes=0.6)
    _, choice = chosen(two_trials, supply, tmp_path, console[0])
    assert choice.candidate.name == expected
    assert (choice.synthetic is not None) == (expected == "oracle")
    record = json.loads(json.dumps(choice.record))
    assert (record["chosen"], record["default"], record["rounds"]) == (expected, "augmented", 2)
    (default, other), text = record["candidates"], console[1].getvalue()
    assert len(default["accuracies"]) == len(other["accuracies"]) == 2 * record["trials"] == 4
    assert other["difference"] == pytest.approx(np.mean(other["accuracies"]) - np.mean(default["accuracies"]))
    assert (other["p_value"] < 0.05) == (expected == "oracle")
    assert f"auto: takes {expected}: " in text and "left-out accuracy" in text
    trials = [np.reshape(each["accuracies"], (2, 2)).mean(axis=1) for each in (default, other)]
    assert [line for line in text.splitlines() if line.startswith("auto: round")] == [
        f"auto: round {number + 1} of 2, {name}: {scores[number]:.3f} on 16 left-out clips"
        for number in range(2)
        for name, scores in zip(("augmented", "oracle"), trials, strict=True)
    ]


def test_one_recording_of_a_class_takes_the_default_and_says_so(config, supply_of, console, tmp_path, make_clips):
    supply = supply_of(make_clips(8, groups_per_class=1))
    plan, choice = chosen(config, supply, tmp_path, console[0])
    assert choice.candidate.name == "augmented" and choice.synthetic is None
    assert "takes augmented without a comparison: class 'brass' has 1 recording" in plan.text()
    assert "brass" not in console[1].getvalue()  # it was said with the plan
    assert choice.record["reason"].startswith("class 'brass' has 1 recording")
    assert "candidates" not in choice.record


def test_no_time_takes_the_default_and_says_how_much_would_do(config, supply_of, make_clips):
    supply = supply_of(make_clips(4))
    text = plan_choice(dataclasses.replace(config, auto_minutes=0.01), supply).text()
    assert "takes augmented without a comparison: by estimate it takes 0." in text
    enough = float(re.search(r"--auto_minutes=([\d.]+) compares$", text)[1])
    assert plan_choice(dataclasses.replace(config, auto_minutes=enough), supply).obstacle is None
    assert plan_choice(dataclasses.replace(config, auto_minutes=enough - 0.1), supply).obstacle is not None


def test_kind_that_cannot_learn_from_the_clips_is_dropped_and_named(config, supply_of, console, tmp_path, make_clips):
    supply = supply_of(make_clips(2), oracle_min_clips=3)  # two are trained on in each of two rounds
    _, choice = chosen(config, supply, tmp_path, console[0])
    assert choice.candidate.name == "augmented"
    assert choice.record["dropped"] == {"oracle": "oracle: expected 3 clips, got 2"}
    assert "oracle is no candidate for these clips: oracle: expected 3 clips" in console[1].getvalue()


@pytest.mark.parametrize(("balance", "expected"), [("none", 0.75), ("balanced", 0.5)])
def test_score_is_the_mean_of_recalls_where_classes_are_balanced(
    balance, expected, config, supply_of, console, tmp_path, make_clips, monkeypatch
):
    """Of two classes that are recognised always and never, the first is three times as frequent."""

    def trained(settings, train, left_out, synthetic, on_step):
        return SimpleNamespace(result={"accuracy": 0.75, "mean_recall": 0.5})

    monkeypatch.setattr(comparison, "train_classifier", trained)
    balanced = dataclasses.replace(config, class_balance=balance)
    _, choice = chosen(balanced, supply_of(make_clips(4, groups_per_class=2)), tmp_path, console[0])
    assert {each["accuracy"] for each in choice.record["candidates"]} == {expected}


def test_learner_that_cannot_learn_from_the_clips_of_a_round_is_dropped_like_a_generator(
    config, supply_of, console, tmp_path, make_clips
):
    only_lda = dataclasses.replace(config, auto_candidates=("lda",))
    _, choice = chosen(only_lda, supply_of(make_clips(2)), tmp_path, console[0])  # one clip of a class in each round
    assert choice.candidate.name == "augmented"
    assert "lda expects two training clips in some class" in choice.record["dropped"]["lda"]


def test_lda_by_default_that_cannot_learn_from_one_clip_of_each_class_gives_way_to_augmentation(
    config, supply_of, console, tmp_path, make_clips
):
    by_default = dataclasses.replace(config, auto_default="lda")
    plan, choice = chosen(by_default, supply_of(make_clips(1)), tmp_path, console[0])
    assert plan.obstacle is not None
    assert choice.candidate.name == "augmented"
    assert "lda cannot be had: " in choice.record["reason"] and "two training clips" in choice.record["reason"]


def test_candidates_of_a_kind_without_settings_are_refused(config, supply_of, make_clips):
    with pytest.raises(InputError, match="expected settings of the kind gaussian, got none"):
        plan_choice(dataclasses.replace(config, auto_candidates=("gaussian",)), supply_of(make_clips(4)))


def test_choice_is_trained_like_its_method_and_keeps_the_settings_that_were_asked_for(
    config, supply_of, console, tmp_path, make_clips
):
    train, test = make_clips(4, groups_per_class=1), make_clips(6, seed=1)
    plan, choice = chosen(config, supply_of(train), tmp_path, console[0])
    trained = train_chosen(choice, plan.config, train, test)
    alone = train_classifier(dataclasses.replace(plan.config, method="augmented"), train, test, None)
    for name in ("accuracy", "confusion_matrix", "steps"):
        assert trained.result[name] == alone.result[name]
    assert trained.result["configuration"]["method"] == "auto"
    assert trained.result["choice"] == choice.record


def test_method_that_chooses_is_refused_where_it_has_not_chosen(config, make_clips):
    with pytest.raises(InputError, match="method: expected one that says what classifiers are trained on, got 'auto'"):
        train_classifier(config, make_clips(2), make_clips(2), None)


def test_labels_and_content_of_the_test_side_change_neither_choice_nor_weights(config, make_clips, oracle_settings):
    train, test = make_clips(2), make_clips(6, seed=1)
    rng = np.random.default_rng(5)
    strange = dataclasses.replace(
        test, labels=rng.permutation(test.labels), spectrograms=rng.normal(3.0, 2.0, test.spectrograms.shape)
    )
    data, features = DataConfig(clip_seconds=0.05), FeatureConfig(mel_bins=16, frames=4)
    found = [
        choose_classifier(SplitClips(train, side, data, features), config, {"oracle": oracle_settings()}, 10)
        for side in (test, strange)
    ]
    assert found[0].result["choice"] == found[1].result["choice"]
    assert found[0].result["confusion_matrix"] != found[1].result["confusion_matrix"]
    np.testing.assert_array_equal(found[0].probabilities(test.spectrograms), found[1].probabilities(test.spectrograms))


def test_function_keeps_a_chosen_classifier_and_reads_it_again(config, tmp_path, make_clips, oracle_settings):
    clips = SplitClips(
        make_clips(2), make_clips(4, seed=1), DataConfig(clip_seconds=0.05), FeatureConfig(mel_bins=16, frames=4)
    )
    few, lines = dataclasses.replace(config, classifier_steps=3), []
    own = {"oracle": oracle_settings()}
    first = choose_classifier(clips, few, own, 10, folder=tmp_path / "C", report=lines.append)
    assert any("auto: takes augmented" in line for line in lines)
    assert not (tmp_path / "C" / "generators").exists()
    lines.clear()
    again = choose_classifier(clips, few, own, 10, folder=tmp_path / "C", report=lines.append)
    assert not lines and again.result["choice"] == first.result["choice"]
    with pytest.raises(InputError, match=r"another classifier \(synthetic clips: others\)"):
        choose_classifier(clips, few, {"oracle": oracle_settings(oracle_offset=2.0)}, 10, folder=tmp_path / "C")
    with pytest.raises(InputError, match="generators: oracle: expected OracleConfig, got ClassifierConfig"):
        choose_classifier(clips, few, {"oracle": ClassifierConfig()}, 10)
