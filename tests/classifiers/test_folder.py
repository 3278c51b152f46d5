"""When the folder of a classifier is finished, and when it is another's."""

import dataclasses
import errno
import json

import pytest

from gansynth_isa.classifiers.classifier import NetworkClassifier
from gansynth_isa.classifiers.folder import Sources, is_finished, write_classifier
from gansynth_isa.classifiers.training import TrainedClassifier
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.errors import InputError
from gansynth_isa.validation import to_dict

CONFIG = ClassifierConfig(classifier_steps=9)
DATA = DataConfig(data_dir="/one/place", clip_seconds=0.4)
FEATURES = FeatureConfig(frames=32)
SOURCES = Sources(train="a1", test="b2", test_recordings=("x.wav",), synthetic=None)


@pytest.fixture
def folder(tmp_path):
    """A folder with the result of a classifier, and something in the place of its model."""
    (tmp_path / "model.keras").touch()
    result = {"configuration": to_dict(CONFIG), "data": to_dict(DATA), "features": to_dict(FEATURES)}
    (tmp_path / "result.json").write_text(json.dumps(result | {"sources": dataclasses.asdict(SOURCES)}))
    return tmp_path


def test_folder_without_a_result_is_not_finished(tmp_path):
    assert not is_finished(tmp_path, CONFIG, DATA, FEATURES, SOURCES)


def test_folder_of_the_same_classifier_is_finished_also_when_the_recordings_have_moved(folder):
    moved = dataclasses.replace(DATA, data_dir="/another/place")
    assert is_finished(folder, CONFIG, DATA, FEATURES, SOURCES)
    assert is_finished(folder, CONFIG, moved, FEATURES, SOURCES)


def test_folder_of_another_classifier_is_refused_by_what_differs(folder):
    config = dataclasses.replace(CONFIG, method="augmented")
    data = dataclasses.replace(DATA, test_groups=("2",))
    with pytest.raises(InputError, match=r"another classifier \(method: baseline -> augmented; test_groups: \[\] -> "):
        is_finished(folder, config, data, FEATURES, SOURCES)


def test_folder_from_before_there_was_a_setting_is_finished_unless_it_differs_from_its_default(folder):
    result = json.loads((folder / "result.json").read_text())
    for part, name in (("configuration", "augmentation"), ("features", "data_type"), ("data", "clip_overlap")):
        del result[part][name]
    (folder / "result.json").write_text(json.dumps(result))
    assert is_finished(folder, CONFIG, DATA, FEATURES, SOURCES)
    with pytest.raises(InputError, match=r"another classifier \(augmentation: spectrogram -> mixup_image_pool\)"):
        is_finished(folder, dataclasses.replace(CONFIG, augmentation="mixup_image_pool"), DATA, FEATURES, SOURCES)


@pytest.mark.parametrize(
    ("dataset", "decide_per", "other"), [("pucks", "recording", "clip"), ("mb", "clip", "recording")]
)
def test_folder_of_an_earlier_version_is_finished_if_it_decides_as_then(folder, dataset, decide_per, other):
    config = dataclasses.replace(CONFIG, real_share="union", decide_per=decide_per)
    data = dataclasses.replace(DATA, dataset=dataset)
    result = json.loads((folder / "result.json").read_text())
    result["data"]["dataset"] = dataset
    result["configuration"]["real_share"] = 0.0
    del result["configuration"]["decide_per"]
    (folder / "result.json").write_text(json.dumps(result))
    assert is_finished(folder, config, data, FEATURES, SOURCES)
    with pytest.raises(InputError, match=rf"another classifier \(decide_per: {decide_per} -> {other}\)"):
        is_finished(folder, dataclasses.replace(config, decide_per=other), data, FEATURES, SOURCES)


@pytest.mark.parametrize("name", ["train", "test", "synthetic"])
def test_folder_of_a_classifier_of_other_clips_is_refused(folder, name):
    other = dataclasses.replace(SOURCES, **{name: "c3"})
    with pytest.raises(InputError, match=rf"holds another classifier \({name} clips: others\)"):
        is_finished(folder, CONFIG, DATA, FEATURES, other)


def test_folder_with_a_damaged_result_is_refused(folder):
    (folder / "result.json").write_text("{}")
    with pytest.raises(InputError, match="result.json: damaged"):
        is_finished(folder, CONFIG, DATA, FEATURES, SOURCES)


def test_folder_with_a_result_nested_without_end_is_refused(folder):
    (folder / "result.json").write_text("[" * 100_000)
    with pytest.raises(InputError, match="result.json: damaged"):
        is_finished(folder, CONFIG, DATA, FEATURES, SOURCES)


def test_folder_without_its_model_is_not_finished_but_still_that_classifier_s(folder):
    (folder / "model.keras").unlink()
    assert not is_finished(folder, CONFIG, DATA, FEATURES, SOURCES)
    with pytest.raises(InputError, match="holds another classifier"):
        is_finished(folder, dataclasses.replace(CONFIG, method="augmented"), DATA, FEATURES, SOURCES)


@pytest.mark.parametrize("sources", [True, None, []])
def test_folder_whose_result_does_not_tell_its_sources_is_refused(folder, sources):
    result = json.loads((folder / "result.json").read_text())
    (folder / "result.json").write_text(json.dumps({**result, "sources": sources}))
    with pytest.raises(InputError, match="result.json: damaged .*sources: expected checksums"):
        is_finished(folder, CONFIG, DATA, FEATURES, SOURCES)


class FullDisk:
    """Stands for a model that a full disk cuts short."""

    def save(self, path):
        path.write_bytes(b"PK")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_model_that_a_full_disk_cut_short_is_removed_and_the_old_files_stay(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    trained = TrainedClassifier(NetworkClassifier(FullDisk(), ("a", "b")), {})
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_classifier(folder, trained, DATA, FEATURES, SOURCES)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
