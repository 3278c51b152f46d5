"""Which synthetic clips are kept: exactly those that the rule says, at most one of ten, the same however many."""

import dataclasses
import io
import os

import numpy as np
import pytest

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.base import Provenance, Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.generation import make_clips, write_clips
from gansynth_isa.generators.judging import Judge
from gansynth_isa.generators.keeping import Keeper, make_keeper
from gansynth_isa.generators.registry import kind_named
from gansynth_isa.runs.folder_lock import locked

FEATURES = FeatureConfig(mel_bins=4, frames=6, fft_length=16, hop_length=8)


class Doubtful(TrainedGenerator):
    """Clips of its class, or with a given probability of the next one; perhaps with parents."""

    def __init__(self, clips, wrong, parents=None):
        data, counts = clips.fingerprint(), clips.counts()
        origin = ("doubtful", clips.class_names, counts, DataConfig(), FEATURES, {}, data, "0" * 64)
        self.provenance, self._wrong, self._parents = Provenance(*origin), wrong, parents

    def clips(self, labels, seed, first=0):
        made = [np.empty((0, 6, 4, 1), np.float32)]
        for number, label in enumerate(labels, start=first):
            generator = np.random.default_rng((seed, number))
            is_wrong = generator.uniform() < self._wrong[label]
            peak = 2.0 * np.eye(4)[(label + is_wrong) % len(self._wrong)]
            made.append((peak + generator.normal(0.0, 0.5, (1, 6, 4)))[..., np.newaxis].astype(np.float32))
        return np.concatenate(made)

    def parent_clips(self, labels, seed, first=0):
        if self._parents is None:
            return None
        return np.array([self._parents(number) for number in range(first, first + len(labels))])

    def summary(self):
        return "Doubtful clips"


@pytest.fixture(scope="module")
def training_clips(clips_of):
    return clips_of((6, 6, 6), 2.0, seed=11)


def test_agreed_keeps_the_first_clips_whose_class_the_judge_finds_likeliest(training_clips):
    trained, judge = Doubtful(training_clips, (0.0, 0.5, 0.8)), Judge(training_clips)
    made = make_clips(trained, 20, seed=3, keeper=make_keeper("agreed", training_clips))
    labels = np.tile([0, 1, 2], 200).astype(np.int32)
    clips = trained.clips(labels, 3)
    agrees = judge.probabilities(clips).argmax(axis=1) == labels
    chosen = [index for label in (0, 1, 2) for index in np.flatnonzero(agrees & (labels == label))[:20]]
    expected = np.sort(chosen)
    np.testing.assert_array_equal(made.labels, labels[expected])
    np.testing.assert_allclose(made.spectrograms, clips[expected], atol=1e-2)
    for label, name in enumerate("abc"):
        last = max(index for index in chosen if labels[index] == label)
        drawn = int((labels[: last + 1] == label).sum())
        assert made.metadata["kept"][name]["drawn"] == drawn and made.metadata["kept"][name]["kept"] == 20
    assert made.metadata["keep"] == "agreed"


def test_confident_asks_for_what_three_quarters_of_left_out_real_clips_reach(training_clips):
    judge, keeper = Judge(training_clips), Keeper("confident", training_clips)
    for label in (0, 1, 2):
        own = np.sort(judge.left_out[training_clips.labels == label, label])
        assert keeper.thresholds[label] == own[int(0.25 * (len(own) - 1))]
        assert keeper.real_rates[label] == np.mean(own >= keeper.thresholds[label]) >= 0.75
    trained = Doubtful(training_clips, (0.3, 0.3, 0.3))
    made = make_clips(trained, 10, seed=1, keeper=keeper)
    found = judge.probabilities(made.spectrograms)[np.arange(30), made.labels]
    assert (found >= keeper.thresholds[made.labels] - 1e-3).all()  # stored clips are rounded


def test_kept_clips_do_not_depend_on_how_many_are_asked_for(training_clips):
    trained, keeper = Doubtful(training_clips, (0.2, 0.5, 0.7)), Keeper("agreed", training_clips)
    few, many = (make_clips(trained, count, seed=2, keeper=keeper) for count in (5, 15))
    for label in (0, 1, 2):
        own = many.spectrograms[many.labels == label][:5]
        np.testing.assert_array_equal(few.spectrograms[few.labels == label], own)


def test_some_classes_alone_are_asked_for(training_clips):
    trained, keeper = Doubtful(training_clips, (0.2, 0.5, 0.7)), Keeper("agreed", training_clips)
    made = make_clips(trained, 5, ("c",), keeper=keeper)
    assert made.labels.tolist() == [2] * 5 and set(made.metadata["kept"]) == {"c"}


@pytest.mark.parametrize("rule", ["agreed", "confident"])
def test_ten_clips_are_drawn_for_one_at_most_then_an_error_names_class_and_rate(training_clips, rule, tmp_path):
    trained, drawn = Doubtful(training_clips, (0.0, 1.0, 0.0)), []
    original = trained.clips
    trained.clips = lambda labels, *rest: (drawn.extend(labels), original(labels, *rest))[1]
    write_clips(Doubtful(training_clips, (0.0,) * 3), tmp_path / "S", 2, keeper=Keeper(rule, training_clips))
    before = {path: path.read_bytes() for path in (tmp_path / "S").iterdir()}
    with pytest.raises(
        UnfitClips, match=rf"keep: expected 8 clips of class 'b' that are {rule} among 80, .* got \d \("
    ):
        write_clips(trained, tmp_path / "S", 8, keeper=Keeper(rule, training_clips))
    assert drawn.count(1) == 80
    assert {path: path.read_bytes() for path in (tmp_path / "S").iterdir()} == before


def test_written_clips_are_those_in_memory(training_clips, tmp_path):
    trained, keeper = Doubtful(training_clips, (0.2, 0.5, 0.7)), Keeper("agreed", training_clips)
    write_clips(trained, tmp_path / "S", 9, seed=4, keeper=keeper)
    written, made = read_synthetic(tmp_path / "S"), make_clips(trained, 9, seed=4, keeper=keeper)
    np.testing.assert_array_equal(written.spectrograms, made.spectrograms)
    np.testing.assert_array_equal(written.labels, made.labels)
    assert made.metadata.items() <= written.metadata.items()


def test_clips_for_a_folder_in_use_are_refused_and_its_clips_stay(training_clips, tmp_path):
    trained = Doubtful(training_clips, (0.0,) * 3)
    write_clips(trained, tmp_path / "S", 2)
    before = read_synthetic(tmp_path / "S").spectrograms
    with locked(tmp_path / "S"), pytest.raises(InputError, match=rf"S: in use by process {os.getpid()} on "):
        write_clips(trained, tmp_path / "S", 3, seed=1)
    np.testing.assert_array_equal(read_synthetic(tmp_path / "S").spectrograms, before)
    write_clips(trained, tmp_path / "S", 3, seed=1)
    assert len(read_synthetic(tmp_path / "S")) == 9


def test_folder_of_something_else_is_refused_for_clips_and_left_alone(training_clips, tmp_path):
    (tmp_path / "result.json").write_text("{}")
    with pytest.raises(InputError, match=r"expected a folder of its own for clips, but .* holds result\.json"):
        write_clips(Doubtful(training_clips, (0.0,) * 3), tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_clip_with_parents_is_judged_by_a_model_that_saw_none_of_their_recordings(training_clips, monkeypatch):
    names = sorted(training_clips.clip_ids)
    trained = Doubtful(training_clips, (0.0,) * 3, parents=lambda number: [number % 36, (number + 7) % 36])
    asked, original = [], Judge.probabilities

    def probabilities(judge, clips, unseen=None):
        asked.extend(unseen)
        return original(judge, clips, unseen)

    monkeypatch.setattr(Judge, "probabilities", probabilities)
    make_clips(trained, 4, keeper=Keeper("agreed", training_clips))
    assert len(asked) >= 12
    for number, recordings in enumerate(asked[:12]):
        clip_ids = (names[number % 36], names[(number + 7) % 36])
        assert recordings == {clip_id.split("#")[0] for clip_id in clip_ids}


def test_clip_that_no_model_can_judge_without_its_parents_is_not_kept(training_clips):
    two = training_clips.select(np.flatnonzero(np.array([name[2] in "01" for name in training_clips.recordings])))
    both = [two.clip_ids.index(name) for name in ("0/0.wav#0", "0/1.wav#0")]
    trained = Doubtful(two, (0.0,) * 3, parents=lambda number: both if number % 2 else both[:1] * 2)
    made = make_clips(trained, 4, ("a",), keeper=Keeper("agreed", two))
    assert made.metadata["kept"]["a"]["drawn"] >= 7


def test_keeper_does_not_depend_on_the_order_of_the_training_clips(training_clips):
    shuffled = training_clips.select(np.random.default_rng(0).permutation(len(training_clips)))
    first, second = Keeper("confident", training_clips), Keeper("confident", shuffled)
    np.testing.assert_allclose(first.thresholds, second.thresholds, rtol=1e-6)
    assert first._recordings == second._recordings


def test_none_keeps_all(training_clips):
    assert make_keeper("none", None) is None
    assert "keep" not in make_clips(Doubtful(training_clips, (0.0,) * 3), 2).metadata


@pytest.mark.parametrize("name", ["gaussian", "transfer", "smote", "events", "copies", "toy"])
def test_kinds_of_generators_can_be_filtered(name, toy, training_clips, tmp_path):
    kind, folder = kind_named(name), tmp_path / "run"
    surroundings = Surroundings(Console(io.StringIO()), show_reports=False)
    data = dataclasses.replace(DataConfig(), clip_seconds=0.1)
    config = kind.resolve(kind.config_class(), FEATURES)
    kind.fit(config, TrainingData(training_clips, data, FEATURES), 0, folder, surroundings)
    made = make_clips(kind.load(folder, print), 4, keeper=Keeper("agreed", training_clips))
    assert np.bincount(made.labels).tolist() == [4, 4, 4]
