"""A small, fast form of scripts/check_instruments, and verdicts that say what is wrong."""

import numpy as np
import pytest

from gansynth_isa.checks.instruments.pretenders import COPIES, NOISE, PROTOTYPES, REAL, halves, pretended_clips
from gansynth_isa.checks.instruments.verdicts import Verdict, verdicts
from gansynth_isa.evaluation.instruments.measuring import Reference

PER_CLASS = 800  # the ratio of two deviations of as many clips varies by 3 or 4 %


@pytest.fixture(scope="module")
def sides(make_clips):
    return (*halves(make_clips(2 * PER_CLASS, 0), PER_CLASS), make_clips(200, 1))


@pytest.fixture(scope="module")
def readings(sides, quick_classifier):
    seen, others, held_out = sides
    reference = Reference(seen, held_out, quick_classifier, trials=2)
    measured = {name: reference.measure(pretended_clips(name, seen, others, 0)) for name in (COPIES, PROTOTYPES, REAL)}
    return {name: verdicts(name, instruments) for name, instruments in measured.items()}


def test_halves_hold_different_clips_of_every_class(sides):
    seen, others, _ = sides
    assert seen.counts() == others.counts() == dict.fromkeys(seen.class_names, PER_CLASS)
    assert not set(seen.recordings) & set(others.recordings)


def test_copies_and_prototypes_are_told_and_real_clips_pass(readings):
    for name in (COPIES, PROTOTYPES):
        assert readings[name] and all(verdict.is_right for verdict in readings[name]), name
    real = {verdict.instrument: verdict for verdict in readings[REAL]}
    assert {"usefulness", "usefulness reversed", "spread", "grain, low", "memorisation", "class means"} <= real.keys()
    assert [verdict.text() for verdict in real.values() if not verdict.is_right] == []


def test_real_clips_in_place_of_copies_or_prototypes_are_wrong(sides, quick_classifier):
    seen, others, held_out = sides
    measured = Reference(seen, held_out, quick_classifier, trials=0).measure(pretended_clips(REAL, seen, others, 0))
    for name in (COPIES, PROTOTYPES):
        assert not any(verdict.is_right for verdict in verdicts(name, measured))
    assert not any(verdict.is_right for verdict in verdicts(NOISE, measured))  # usefulness was not measured


def test_noise_has_mean_and_deviation_of_all_clips_and_the_labels_of_those_seen(sides):
    seen, others, _ = sides
    noise = pretended_clips(NOISE, seen, others, 0)
    np.testing.assert_allclose(noise.spectrograms.mean(axis=(0, 1)), seen.spectrograms.mean(axis=(0, 1)), atol=0.1)
    np.testing.assert_allclose(noise.spectrograms.std(axis=(0, 1)), seen.spectrograms.std(axis=(0, 1)), rtol=0.1)
    assert noise.labels.tolist() == seen.labels.tolist()


def test_verdict_says_what_was_read_and_allowed():
    assert Verdict("real clips", "grain", 1.2, 0.9, 1.1).text() == "real clips: grain 1.200 (0.900 to 1.100)   WRONG"
    assert (
        Verdict("copies", "memorisation", 0.0, float("-inf"), 0.1).text()
        == "copies: memorisation 0.000 (at most 0.100)"
    )
    assert not Verdict("noise", "usefulness", None, float("-inf"), 0.4).is_right
