"""All instruments on clips whose faults are known, and what they say where something cannot be measured."""

import dataclasses
import json

import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.instruments.measuring import Reference, measure_instruments
from gansynth_isa.measures.per_class import PerClass


@pytest.fixture(scope="module")
def reference(quick_classifier, make_clips):
    return Reference(make_clips(60, 0), make_clips(40, 1), quick_classifier, trials=2)


@pytest.fixture(scope="module")
def of_real(reference, make_clips, as_synthetic):
    return reference.measure(as_synthetic(make_clips(60, 2)))


def test_further_real_clips_are_as_good_as_those_that_were_seen(of_real):
    assert of_real.usefulness.value == pytest.approx(1.0, abs=0.05)
    assert of_real.usefulness.reverse_value == pytest.approx(1.0, abs=0.05)
    for name, tolerance in (("spread", 0.2), ("grain", 0.03), ("deviation_over_time", 0.03), ("memorisation", 0.05)):
        assert getattr(of_real, name).mean == pytest.approx(1.0, abs=tolerance), name
    assert of_real.class_means.mean < 0.15
    assert abs(of_real.kernel_distance.overall.value) < 4 * of_real.kernel_distance.overall.spread


def test_copies_are_told_by_memorisation(reference, make_clips, as_synthetic):
    assert reference.measure(as_synthetic(make_clips(60, 0))).memorisation.mean < 0.01


def test_noise_teaches_nothing_and_lies_far_off(reference, of_real, make_clips, as_synthetic):
    noise = np.random.default_rng(5).normal(0.5, 1.0, (180, 8, 16, 1)).astype(np.float32)
    measured = reference.measure(as_synthetic(dataclasses.replace(make_clips(60, 0), spectrograms=noise)))
    assert measured.usefulness.value < 0.7
    assert measured.kernel_distance.overall.value > 10 * abs(of_real.kernel_distance.overall.value)
    assert measured.grain.mean > 1.5


def test_one_prototype_per_class_has_no_spread_and_little_grain(reference, make_clips, as_synthetic):
    clips = make_clips(60, 0)
    means = np.stack([clips.spectrograms[clips.labels == label].mean(axis=0) for label in range(3)])
    measured = reference.measure(as_synthetic(dataclasses.replace(clips, spectrograms=means[clips.labels])))
    assert measured.spread.mean < 0.01 and measured.grain.mean < 0.5
    assert measured.class_means.mean < 0.01


def test_classes_that_are_swapped_are_far_from_their_means(reference, make_clips, as_synthetic):
    clips = make_clips(60, 2)
    swapped = dataclasses.replace(clips, labels=(clips.labels + 1) % 3)
    measured = reference.measure(as_synthetic(swapped))
    assert measured.class_means.mean == pytest.approx(1.0, abs=0.15)
    assert all(distance.value > 10 * distance.spread for distance in measured.kernel_distance.per_class.values())


def test_numbers_become_json_and_lines(of_real):
    values = json.loads(json.dumps(of_real.to_dict()))
    assert set(values["spread"]["per_class"]) == {"high", "low", "middle"}
    assert values["usefulness"] == pytest.approx(of_real.usefulness.value)
    assert values["kernel_distance"]["overall"]["value"] == of_real.kernel_distance.overall.value
    text = of_real.text()
    for word in ("usefulness", "class means", "spread", "grain", "deviation over time", "memorisation", "onsets"):
        assert word in text
    assert "2 trials of 40 steps" in text and "onsets of high, low, middle: expected real clips with an onset" in text


def test_class_means_that_are_not_told_from_0_are_not_printed_as_0(of_real):
    means = PerClass(0.06, {"high": 0.0, "low": 0.12, "middle": None})
    lines = dataclasses.replace(of_real, class_means=means, spread=PerClass(0.0, {"high": 0.0})).text().splitlines()
    assert "class means (0 is best): 0.06 (high below its error, low 0.12, middle not measured)" in lines
    assert "spread between clips (1 is best): 0.00 (high 0.00)" in lines


def test_classifiers_of_real_clips_are_trained_once_for_several_sets(quick_classifier, make_clips, as_synthetic):
    calls = []
    several = Reference(
        make_clips(6, 0), make_clips(4, 1), dataclasses.replace(quick_classifier, classifier_steps=2), trials=2
    )
    for seed in (2, 3):
        several.measure(as_synthetic(make_clips(6, seed)), on_trained=lambda: calls.append(1))
    assert len(calls) == 4 + 2


def test_what_is_typical_may_come_from_other_clips_than_those_seen(quick_classifier, make_clips, as_synthetic):
    few, many = make_clips(1, 0), make_clips(60, 3)
    measured = measure_instruments(
        few, make_clips(4, 1), as_synthetic(make_clips(30, 2)), quick_classifier, trials=0, real=many
    )
    assert measured.spread.mean == pytest.approx(1.0, abs=0.3)
    alone = measure_instruments(few, make_clips(4, 1), as_synthetic(make_clips(30, 2)), quick_classifier, trials=0)
    assert alone.spread.mean is None and "spread of high, low, middle: expected two real clips" in alone.text()


def test_without_held_out_clips_only_classifiers_have_nothing_to_say(quick_classifier, make_clips, as_synthetic):
    nothing = make_clips(4, 1).select([])
    measured = measure_instruments(make_clips(30, 0), nothing, as_synthetic(make_clips(30, 2)), quick_classifier)
    assert measured.usefulness is None and measured.kernel_distance.overall is None
    assert measured.memorisation.mean == pytest.approx(1.0, abs=0.05)  # by leaving out recordings
    assert "usefulness and kernel distance: expected real clips that the generator did not see" in measured.text()
    assert measured.to_dict()["usefulness"] is None


def test_a_class_that_was_not_generated_or_has_one_clip_is_named(quick_classifier, make_clips, as_synthetic):
    clips = make_clips(10, 2)
    two_classes = as_synthetic(clips.select(np.flatnonzero(clips.labels < 2)))
    measured = measure_instruments(make_clips(10, 0), make_clips(5, 1), two_classes, quick_classifier)
    assert "expected synthetic clips of every class, got none of middle" in measured.text()
    assert measured.grain.per_class["middle"] is None and measured.grain.mean is not None
    lonely = as_synthetic(clips.select([0, 1, 10, 11, 20]))
    assert measure_instruments(make_clips(10, 0), make_clips(5, 1), lonely, quick_classifier, 0).spread.missing == (
        "middle",
    )


def test_clips_that_cannot_be_compared_are_refused(make_clips, as_synthetic, quick_classifier):
    seen, held_out, made = make_clips(4, 0), make_clips(4, 1), as_synthetic(make_clips(4, 2))
    nothing = seen.select([])
    others = dataclasses.replace(held_out, class_names=("a", "b", "c"))
    short = dataclasses.replace(made, spectrograms=made.spectrograms[:, :4])
    for clips, message in (
        ((nothing, held_out, made), "clips that the generator saw, got none"),
        ((seen, held_out, as_synthetic(nothing)), "synthetic clips, got none"),
        ((seen, others, made), "expected real clips of high, low, middle, got a, b, c"),
        ((seen, held_out, as_synthetic(held_out, ("x", "y", "z"))), "expected classes among high, low, middle"),
        ((seen, held_out, short), r"expected clips of shape \(8, 16, 1\), got \(4, 16, 1\)"),
    ):
        with pytest.raises(InputError, match=message):
            measure_instruments(*clips, quick_classifier)
