"""Folders of trained classifiers that were edited, damaged or mixed up: refused with one line."""

import json
import zipfile

import keras
import numpy as np
import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.export.deployed import load_classifier


def without_checksum(folder):
    """The folder, whose result does not vouch for its model, as those of earlier versions do not."""
    result = json.loads((folder / "result.json").read_text())
    del result["model_sha256"]
    (folder / "result.json").write_text(json.dumps(result))
    return folder


def change_member(path, name, change):
    """Replaces one file within a Keras file, which is a ZIP archive."""
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("result.json", b"{", "result.json: damaged"),
        ("result.json", b'{"class_names": ["a"]}', "damaged .KeyError"),
        ("model.keras", b"no model", r"model\.keras: damaged .its checksum differs from result\.json"),
    ],
)
def test_damaged_classifier_is_refused(copied_classifier, file, content, message):
    (copied_classifier / file).write_bytes(content)
    with pytest.raises(InputError, match=message) as refusal:
        load_classifier(copied_classifier)
    assert "\n" not in str(refusal.value)


def test_classifier_of_another_version_is_refused(copied_classifier, change_json):
    change_json(copied_classifier / "result.json", format_version=7)
    with pytest.raises(InputError, match="result.json: expected format_version 1, got 7"):
        load_classifier(copied_classifier)


def test_changed_byte_of_the_model_is_found(copied_classifier, stored, refusal_of):
    content = (copied_classifier / "model.keras").read_bytes()
    digits = str(stored.network.model.get_layer("standardise").mean.tolist()[0][0]).encode()
    assert content.count(digits) == 1
    changed = digits[:-1] + (b"1" if digits[-1:] != b"1" else b"2")
    (copied_classifier / "model.keras").write_bytes(content.replace(digits, changed))
    assert "model.keras: damaged (its checksum differs from result.json)" in refusal_of(copied_classifier)
    assert "model.keras: expected a whole and safe Keras file" in refusal_of(without_checksum(copied_classifier))


def test_model_of_another_classifier_is_refused_and_of_a_result_without_checksum_taken(
    copied_classifier, stored, refusal_of
):
    other = keras.models.clone_model(stored.network.model)
    other.save(copied_classifier / "model.keras")
    assert "its checksum differs" in refusal_of(copied_classifier)
    taken = load_classifier(without_checksum(copied_classifier))
    clips = np.zeros((1, 64, 16, 1), np.float32)
    np.testing.assert_allclose(taken.probabilities(clips), other(clips), atol=1e-6)


@pytest.mark.parametrize("name", ["mean", "std"])
@pytest.mark.parametrize("number", ["null", "NaN", "Infinity"])
def test_model_with_a_standardisation_that_is_no_number_is_refused(copied_classifier, stored, name, number, refusal_of):
    value = getattr(stored.network.model.get_layer("standardise"), name).tolist()[0][0]
    before, after = (f'"{name}": [[{text}]'.encode() for text in (json.dumps(value), number))
    path = without_checksum(copied_classifier) / "model.keras"
    change_member(path, "config.json", lambda content: content.replace(before, after))
    assert "model.keras: expected a whole and safe Keras file" in refusal_of(copied_classifier)


def test_model_with_a_weight_that_is_no_number_is_refused(copied_classifier, stored, refusal_of):
    model = keras.models.clone_model(stored.network.model)
    model.set_weights([np.full(weight.shape, np.nan) for weight in model.get_weights()])
    model.save(without_checksum(copied_classifier) / "model.keras")
    assert "model.keras: damaged (expected finite weights)" in refusal_of(copied_classifier)


def test_truncated_model_is_called_damaged(copied_classifier, refusal_of):
    path = without_checksum(copied_classifier) / "model.keras"
    path.write_bytes(path.read_bytes()[:5000])
    assert refusal_of(copied_classifier) == f"{path}: damaged (expected a whole Keras file)"


def test_damaged_weights_in_a_whole_archive_are_refused(copied_classifier, refusal_of):
    path = without_checksum(copied_classifier) / "model.keras"
    change_member(path, "model.weights.h5", lambda content: content.replace(b"TREE", b"EERT").replace(b"SNOD", b"DONS"))
    assert "model.keras: expected a whole and safe Keras file" in refusal_of(copied_classifier)


def test_layer_that_fits_no_memory_is_refused(copied_classifier, refusal_of):
    path = without_checksum(copied_classifier) / "model.keras"
    change_member(path, "config.json", lambda content: content.replace(b'"units": 2', b'"units": 1000000000000'))
    assert "model.keras: expected a whole and safe Keras file" in refusal_of(copied_classifier)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"class_names": ["a", "a"]}, "class_names: expected a list of different texts, got"),
        ({"class_names": [["a"], None]}, "class_names: expected a list of different texts"),
        ({"class_names": "ab"}, "class_names: expected a list of different texts, got 'ab'"),
        ({"sources": True}, "sources: expected checksums and the paths of test recordings, got 'True'"),
        ({"sources": None}, "sources: expected checksums"),
        ({"sources": []}, "sources: expected checksums"),
        ({"sources": {"test_recordings": [1]}}, "sources: expected checksums"),
        ({"configuration": []}, "configuration: expected settings by name"),
        ({"configuration": {}}, "configuration: expected settings by name"),
        ({"configuration": {"method": "baseline", "classifier": ["cnn"]}}, "classifier: expected"),
        ({"data": []}, "data: expected settings by name"),
        ({"features": "x"}, "features: expected settings by name"),
        ({"recall": None}, "recall: expected a number from 0 to 1, or null, per class"),
        ({"recall": {"high": "x"}}, "recall: expected a number"),
        ({"recall": {"high": float("nan")}}, "recall: expected a number"),
        ({"counts": {"train": "x"}}, "counts: expected whole numbers per class, for train and test"),
        ({"counts": {"train": {}, "test": {"high": -1}}}, "counts: expected whole numbers"),
        ({"counts": {"train": {"high": 1}}}, "counts: expected whole numbers"),
        ({"steps": "x"}, "steps: expected a whole number from 0, got 'x'"),
        ({"num_test_files": None}, "num_test_files: expected a whole number from 0"),
        ({"accuracy_per_clip": 5}, "accuracy_per_clip: expected a number from 0 to 1, or null, got '5'"),
        ({"accuracy": True}, "accuracy: expected a number from 0 to 1"),
        ({"choice": {}}, "choice: expected what was chosen"),
        ({"imported_clips": "x"}, "imported_clips: expected settings by name"),
    ],
)
def test_edited_result_is_refused_by_the_name_of_what_is_wrong(
    copied_classifier, changes, message, change_json, refusal_of
):
    change_json(copied_classifier / "result.json", **changes)
    assert message in refusal_of(copied_classifier)


def test_keras_file_that_brings_code_is_refused(copied_classifier):
    inputs = keras.Input((64, 16, 1))
    outputs = keras.layers.Lambda(lambda x: x[:, 0, :2, 0])(inputs)
    keras.Model(inputs, outputs).save(without_checksum(copied_classifier) / "model.keras")
    with pytest.raises(InputError, match="expected a whole and safe Keras file .*Lambda") as refusal:
        load_classifier(copied_classifier)
    assert "\n" not in str(refusal.value) and "safe_mode" not in str(refusal.value)
