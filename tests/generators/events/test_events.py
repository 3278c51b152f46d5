"""The kind as a whole: impacts of the class that has any, none elsewhere, and folders that go on."""

import dataclasses
import io
import shutil

import numpy as np
import pytest

from gansynth_isa.config import FeatureConfig
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.base import Surroundings
from gansynth_isa.generators.events.config import EventsConfig
from gansynth_isa.generators.events.kind import EventsKind
from gansynth_isa.generators.events.onsets import find_onsets
from gansynth_isa.generators.registry import kind_named, kinds
from gansynth_isa.runs.checkpoints import load_checkpoint, save_checkpoint
from tests.generators.events.conftest import BACKGROUND, DATA, FEATURES

LABELS = np.array([0, 1, 0, 0] * 12, np.int32)


def fit(training, folder, output=None, **settings):
    kind = kind_named("events")
    config = kind.resolve(EventsConfig(**settings), training.features)
    surroundings = Surroundings(Console(output or io.StringIO()), show_reports=False)
    kind.fit(config, training, 0, folder, surroundings)
    return kind.load(folder, print)


@pytest.fixture(scope="module", params=["gaussian", "transfer"])
def fitted(request, impacts_training, tmp_path_factory):
    folder = tmp_path_factory.mktemp("events") / "run"
    return fit(impacts_training, folder, events_impacts=request.param), folder


def test_class_with_impacts_has_as_many_as_its_clips_and_the_other_none(fitted):
    clips = fitted[0].clips(LABELS, seed=2)
    found = find_onsets(clips[..., 0].astype(np.float64), DATA, FEATURES, 4.0).found.sum(axis=1)
    assert set(found[LABELS == 0]) == {1, 2}
    assert not found[LABELS == 1].any()


def test_clips_of_a_class_without_impacts_are_those_of_the_background(fitted):
    trained, folder = fitted
    background = kind_named("transfer").load(folder / "background", print)
    np.testing.assert_array_equal(
        trained.clips(LABELS, 2)[LABELS == 1], background.clips(LABELS, 2)[LABELS == 1].astype(np.float32)
    )


def test_clips_with_impacts_do_not_depend_on_how_many_are_asked_for(fitted):
    trained = fitted[0]
    np.testing.assert_array_equal(trained.clips(LABELS[37:43], 2, 37), trained.clips(LABELS, 2)[37:43])
    np.testing.assert_array_equal(trained.parent_clips(LABELS[37:43], 2, 37), trained.parent_clips(LABELS, 2)[37:43])


def test_before_its_first_impact_a_clip_is_background(fitted):
    clips = fitted[0].clips(LABELS, 2)[LABELS == 0]
    assert np.abs(clips[:, :6] - BACKGROUND).max() < 2.0  # no impact begins before frame 6


def test_parents_are_clips_of_pattern_background_and_impacts(fitted):
    trained = fitted[0]
    parents = trained.parent_clips(LABELS, 2)
    made_by = trained.provenance.details["events_impacts"]
    assert parents.shape[1] == 2 + 3 + (2 * 3 if made_by == "transfer" else 0)
    is_hit = parents < 8  # in the order of ids "hit" comes first
    assert (is_hit[:, :3] == (LABELS == 0)[:, np.newaxis]).all()
    assert is_hit[LABELS == 0, 5:].all()
    assert not is_hit[LABELS == 1, 5:].any()  # no impact is placed there


def test_metadata_tell_what_was_found(fitted):
    details = fitted[0].provenance.details
    assert details["events_per_clip"] == {"hit": 1.5, "hum": 0.0}
    assert details["parents"] == "training clips"
    assert details["events_background"] == "transfer"
    assert details["events_length_ms"] >= 5.0


def test_training_that_was_stopped_between_its_parts_ends_the_same(fitted, impacts_training, tmp_path):
    trained, folder = fitted
    shutil.copytree(folder / "background", tmp_path / "run" / "background")
    again = fit(impacts_training, tmp_path / "run", events_impacts=trained.provenance.details["events_impacts"])
    assert again.provenance.weights_sha256 == trained.provenance.weights_sha256
    with pytest.raises(InputError, match="events_threshold_db: None -> 9.0"):
        fit(impacts_training, tmp_path / "run", events_threshold_db=9.0)


def test_background_left_alone_by_other_settings_is_fitted_anew(fitted, impacts_training, tmp_path):
    folder, output = tmp_path / "run", io.StringIO()
    shutil.copytree(fitted[1] / "background", folder / "background")
    again = fit(impacts_training, folder, output, events_threshold_db=30.0)
    new = fit(impacts_training, tmp_path / "new", events_threshold_db=30.0)
    assert again.provenance.weights_sha256 == new.provenance.weights_sha256
    assert f"{folder}/background: left by a training of other settings or clips that never began" in output.getvalue()


def test_clips_without_any_onset_give_background_alone_and_the_command_says_so(steady_training, tmp_path):
    output = io.StringIO()
    trained = fit(steady_training, tmp_path / "run", output)
    assert "found no onset" in output.getvalue() and "its clips are those of the background" in output.getvalue()
    background = kind_named("transfer").load(tmp_path / "run" / "background", print)
    np.testing.assert_array_equal(trained.clips(LABELS, 2), background.clips(LABELS, 2))
    assert trained.parent_clips(LABELS, 2).shape == (len(LABELS), 5)
    assert set(trained.provenance.details["events_per_clip"].values()) == {0.0}


def test_two_impacts_alone_are_too_few_before_anything_is_written(impacts_training, tmp_path):
    few = dataclasses.replace(impacts_training, clips=impacts_training.clips.select([0, 2, 8, 9, 10]))
    with pytest.raises(UnfitClips, match="^events_threshold_db: expected two onsets more than there are classes"):
        fit(few, tmp_path / "run")
    assert not list(tmp_path.iterdir())


def test_phases_are_refused():
    with pytest.raises(InputError, match="^data_type: expected log_mel for the generator events.*got mel$"):
        kind_named("events").resolve(EventsConfig(), FeatureConfig(data_type="mel"))


def test_plan_names_the_parts():
    features = FeatureConfig(frames=32)
    config = EventsConfig(events_background="gaussian", events_length_ms=200.0, events_threshold_db=3.0)
    lines = kind_named("events").plan(config, features)
    assert "impacts of 200 ms" in lines[0] and "more than 3 dB" in lines[0]
    assert lines[1].startswith("gaussian: ")


def test_exchanged_parts_are_damage(fitted, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(fitted[1], folder)
    path = next((folder / "model").glob("*.npz"))
    arrays = load_checkpoint(path)
    save_checkpoint(folder / "model", 0, arrays | {"length": arrays["length"] + 1})
    with pytest.raises(InputError, match="damaged .background or impacts are those of other clips"):
        kind_named("events").load(folder, print)
    save_checkpoint(folder / "model", 0, arrays | {"pattern_levels": arrays["pattern_levels"][1:]})
    with pytest.raises(
        InputError, match="damaged .array pattern_levels: expected shape .12, 2. by its experiment.json"
    ):
        kind_named("events").load(folder, print)


def test_parts_may_be_any_of_the_kinds_that_are_named():
    choices = set(EventsConfig.__dataclass_fields__["events_background"].metadata["choices"])
    assert choices <= set(kinds()) and isinstance(kind_named("events"), EventsKind)
