"""Classifiers of every kind, asked in one way; damaged ones refused with one line."""

import hashlib
import json
import shutil
import tempfile

import numpy as np
import pytest

from gansynth_isa.classifiers.folder import read_classifier
from gansynth_isa.errors import InputError
from gansynth_isa.export.deployed import load_classifier
from gansynth_isa.export.exporting import export_classifier, export_generator, export_litert
from gansynth_isa.generators.gansynth.trained_generator import TrainedGansynth


@pytest.fixture(scope="module")
def exports(stored, clips_of, tmp_path_factory):
    """Folder with an export of each format; not to be changed."""
    folder = tmp_path_factory.mktemp("exports")
    for export_format in ("saved_model", "keras"):
        export_classifier(stored, export_format, folder / export_format)
    train = clips_of(16, 0)
    export_litert(stored, folder / "litert", 1, train.spectrograms, train.spectrograms[:0], train.labels[:0])
    return folder


@pytest.fixture
def copied(exports, tmp_path):
    """A copy of the exports, to damage."""
    shutil.copytree(exports, tmp_path / "exports")
    return tmp_path / "exports"


@pytest.fixture
def old_classifier(stored, copied_classifier):
    """The same classifier as earlier versions wrote it: a network of standardised clips, moments beside it."""
    standardise, network = stored.network.model.layers[1:]
    network.save(copied_classifier / "model.keras")
    values = {"mean": standardise.mean.tolist(), "std": standardise.std.tolist()}
    (copied_classifier / "standardisation.json").write_text(json.dumps(values, indent=1))
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    result = json.loads((copied_classifier / "result.json").read_text())
    del result["decide_per"], result["configuration"]["decide_per"], result["model_sha256"]
    (copied_classifier / "result.json").write_text(json.dumps({**result, "standardisation_sha256": digest}))
    return copied_classifier


@pytest.mark.parametrize("name", ["saved_model", "keras", "litert"])
def test_export_in_a_folder_that_reads_as_a_pattern_answers_as_elsewhere(exports, clips_of, tmp_path, name):
    shutil.copytree(exports / name, tmp_path / "run [1]" / name)
    clips = clips_of(8, 300).spectrograms
    elsewhere = load_classifier(exports / name).probabilities(clips)
    np.testing.assert_array_equal(load_classifier(tmp_path / "run [1]" / name).probabilities(clips), elsewhere)


def test_export_into_and_by_folders_that_read_as_patterns_is_whole(stored, clips_of, tmp_path, monkeypatch):
    temporary = tmp_path / "job[1]"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    clips, folder = clips_of(16, 0), tmp_path / "run [1]"
    export_classifier(stored, "saved_model", folder / "saved_model")
    export_litert(stored, folder / "litert", 1, clips.spectrograms, clips.spectrograms[:0], clips.labels[:0])
    one, other = (
        load_classifier(folder / name).probabilities(clips.spectrograms) for name in ("saved_model", "litert")
    )
    np.testing.assert_allclose(one, other, atol=1e-5)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [("saved_model", 1e-5), ("keras", 1e-5), ("litert", 1e-5), ("litert/classifier_int8_weights.tflite", 0.1)],
)
def test_exported_classifier_answers_as_the_trained_one(exports, classifier_dir, clips_of, name, tolerance):
    clips = clips_of(70, 300)  # more than one batch
    trained, exported = load_classifier(classifier_dir), load_classifier(exports / name)
    expected = trained.probabilities(clips.spectrograms)
    np.testing.assert_allclose(exported.probabilities(clips.spectrograms), expected, atol=tolerance)
    assert exported.class_names == trained.class_names == ("high", "low")
    assert exported.features == trained.features


def test_litert_without_test_clips_says_so_in_its_card(exports):
    assert "no test clips" in (exports / "litert" / "MODEL_CARD.md").read_text()


@pytest.mark.parametrize(
    "file",
    ["saved_model/variables/variables.data-00000-of-00001", "keras/classifier.keras", "litert/classifier_int8.tflite"],
)
def test_changed_byte_is_found(copied, file):
    content = bytearray((copied / file).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / file).write_bytes(content)
    with pytest.raises(InputError, match="damaged .its checksum differs"):
        load_classifier(copied / file.split("/")[0])


def test_missing_file_is_named(copied):
    (copied / "saved_model" / "variables" / "variables.index").unlink()
    with pytest.raises(InputError, match=r"variables\.index: expected a file of the exported model, found none"):
        load_classifier(copied / "saved_model")


def test_export_of_another_version_is_refused(copied, change_json):
    change_json(copied / "keras" / "export.json", format_version=2)
    with pytest.raises(InputError, match="export.json: expected format_version 1, got 2"):
        load_classifier(copied / "keras")


def test_classifier_of_an_earlier_version_answers_as_ever(old_classifier, classifier_dir, clips_of):
    clips = clips_of(5, 300).spectrograms
    np.testing.assert_array_equal(
        load_classifier(old_classifier).probabilities(clips), load_classifier(classifier_dir).probabilities(clips)
    )
    assert read_classifier(old_classifier).result["decide_per"] == "clip"
    export_classifier(read_classifier(old_classifier), "keras", old_classifier / "X")
    np.testing.assert_array_equal(
        load_classifier(old_classifier / "X").probabilities(clips), load_classifier(classifier_dir).probabilities(clips)
    )


def test_classifier_on_pucks_of_an_earlier_version_decided_per_recording(old_classifier, change_json):
    path = old_classifier / "result.json"
    change_json(path, data={**json.loads(path.read_text())["data"], "dataset": "pucks"})
    assert read_classifier(old_classifier).result["decide_per"] == "recording"


def test_changed_digit_of_an_old_standardisation_is_found(old_classifier, change_json):
    path = old_classifier / "standardisation.json"
    values = json.loads(path.read_text())
    change_json(path, mean=[[values["mean"][0][0] + 0.5], *values["mean"][1:]])
    with pytest.raises(InputError, match="standardisation.json: damaged .its checksum differs from result.json"):
        load_classifier(old_classifier)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "standardisation.json: damaged .expected a JSON object"),
        ('{"mean": [[0.0]]}', "standardisation.json: damaged .KeyError"),
        ('{"mean": [[0.0]], "std": [[0.0]]}', "standardisation.json: damaged .ValueError: std: expected deviations"),
        ('{"mean": [[0.0]], "std": [[1.0]]}', r"standardisation.json: expected values of \(16, 1\), got \(1, 1\)"),
        (None, "expected the folder of a trained classifier, but it has no standardisation.json"),
    ],
)
def test_damaged_old_standardisation_is_refused(old_classifier, content, message):
    path = old_classifier / "standardisation.json"
    result = json.loads((old_classifier / "result.json").read_text())
    del result["standardisation_sha256"]  # as the oldest folders
    (old_classifier / "result.json").write_text(json.dumps(result))
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(InputError, match=message):
        load_classifier(old_classifier)


@pytest.mark.parametrize(("part", "name"), [("data", "clip_seconds"), ("features", "frames")])
def test_classifier_that_leaves_open_how_clips_are_made_is_refused(
    copied_classifier, copied, part, name, change_json, refusal_of
):
    for path in (copied_classifier / "result.json", copied / "keras" / "export.json"):
        change_json(path, **{part: {**json.loads(path.read_text())[part], name: None}})
        assert f"{name}: expected a number, got nothing" in refusal_of(path.parent)


@pytest.mark.parametrize("export_format", ["saved_model", "keras", "litert"])
def test_export_with_other_class_names_than_the_model_has_is_refused(copied, export_format, change_json, refusal_of):
    for names in (["high"], ["high", "low", "none"]):
        change_json(copied / export_format / "export.json", class_names=names)
        expected = f"export.json: damaged (expected 2 class_names, as the model has, got {len(names)})"
        assert expected in refusal_of(copied / export_format)
    change_json(copied / export_format / "export.json", class_names=["high", "high"])
    assert "class_names: expected a list of different texts" in refusal_of(copied / export_format)


@pytest.mark.parametrize("data", [[], "", None])
def test_export_with_something_else_for_settings_is_refused(copied, data, change_json, refusal_of):
    change_json(copied / "keras" / "export.json", data=data)
    assert f"expected settings by name, got '{data}'" in refusal_of(copied / "keras")


def test_folder_of_a_classifier_holds_the_model_and_the_result_alone(classifier_dir):
    assert sorted(path.name for path in classifier_dir.iterdir()) == ["model.keras", "result.json"]


def test_generator_and_other_folders_are_no_classifiers(gan_dir, tmp_path):
    export_generator(TrainedGansynth(gan_dir), "keras", tmp_path / "G")
    with pytest.raises(InputError, match="expected a classifier, got a generator"):
        load_classifier(tmp_path / "G")
    with pytest.raises(InputError, match="expected the folder of a trained or exported classifier"):
        load_classifier(gan_dir)
