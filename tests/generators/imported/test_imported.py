"""Imported clips in the place of a generator."""

import dataclasses

import numpy as np
import pytest

from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticWriter, read_synthetic
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.generators.generation import load_generator, write_clips
from gansynth_isa.generators.imported.config import ImportedConfig
from gansynth_isa.generators.imported.kind import ImportedKind
from gansynth_isa.generators.provenance import check_synthetic


@pytest.fixture(scope="module")
def config(imported_dir, training):
    return ImportedKind().resolve(ImportedConfig(imported_dir=str(imported_dir)), training.features)


@pytest.fixture(scope="module")
def trained(config, training, surroundings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("imported") / "run"
    ImportedKind().fit(config, training, 0, folder, surroundings)
    return load_generator(folder)


def keys(clips):
    return [clip.tobytes() for clip in clips]


def test_as_many_clips_as_were_imported_are_all_of_them_once(trained, imported_dir):
    imported = read_synthetic(imported_dir)
    clips = trained.clips(np.array([0, 1] * 3), seed=4)
    for label in (0, 1):
        assert sorted(keys(clips[label::2])) == sorted(keys(imported.spectrograms[imported.labels == label]))


def test_more_clips_than_were_imported_repeat_them_equally_often(trained):
    clips = trained.clips(np.array([0, 1] * 6), seed=4)
    assert keys(clips[:6]) == keys(clips[6:])


def test_written_clips_say_where_they_come_from(trained, tmp_path):
    write_clips(trained, tmp_path / "S", 2)
    synthetic = read_synthetic(tmp_path / "S")
    assert synthetic.imported_from == "a model" and synthetic.metadata["maker_heard"] == "unknown"
    assert len(synthetic.metadata["imported"]["files"]) == 6


def test_written_clips_with_the_content_of_the_test_side_are_refused(trained, training, tmp_path):
    write_clips(trained, tmp_path / "S", 2)
    synthetic = read_synthetic(tmp_path / "S")
    clips, nothing = training.clips, training.clips.select([])
    arguments = (training.data, training.features)
    assert len(check_synthetic(synthetic, clips, nothing, *arguments)) == 4
    test = dataclasses.replace(
        clips.select([0]), recordings=("t.wav",), digests={"t.wav": f"{103:064x}"}, clip_ids=("t.wav#0",)
    )
    with pytest.raises(InputError, match="not on the test side, but 103.wav has the content of t.wav"):
        check_synthetic(synthetic, clips, test, *arguments)
    copy = dataclasses.replace(test, digests={"t.wav": "other"}, spectrograms=synthetic.spectrograms[3:4] + 1.0)
    with pytest.raises(InputError, match="not on the test side, but clip 3 has the content of t.wav#0"):
        check_synthetic(synthetic, clips, copy, *arguments)


def test_class_without_an_imported_clip_is_unfit(imported_dir, training, surroundings, tmp_path):
    imported = read_synthetic(imported_dir)
    kept = np.flatnonzero(imported.labels == 1)
    with SyntheticWriter(tmp_path / "one", imported.metadata) as writer:
        writer.write(imported.spectrograms[kept], imported.labels[kept])
    kind = ImportedKind()
    config = kind.resolve(ImportedConfig(imported_dir=str(tmp_path / "one")), training.features)
    with pytest.raises(UnfitClips, match="imported_dir: expected clips of every class, got none of 'loud'"):
        kind.fit(config, training, 0, tmp_path / "run", surroundings)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "expected a folder that gansynth_isa_import wrote"),
        ("[]", "expected a folder that gansynth_isa_import wrote"),
        ('{"generator": "smote", "weights_sha256": "1"}', "expected imported clips, got clips of the kind 'smote'"),
    ],
)
def test_folder_of_something_else_is_refused(tmp_path, training, text, message):
    if text is not None:
        (tmp_path / "metadata.json").write_text(text)
    with pytest.raises(InputError, match=f"imported_dir: {message}"):
        ImportedKind().resolve(ImportedConfig(imported_dir=str(tmp_path)), training.features)


def test_no_folder_or_another_checksum_is_refused(imported_dir, training):
    with pytest.raises(
        InputError, match="imported_dir: expected the folder that gansynth_isa_import wrote, got nothing"
    ):
        ImportedKind().resolve(ImportedConfig(), training.features)
    other = ImportedConfig(imported_dir=str(imported_dir), imported_sha256="2" * 64)
    with pytest.raises(InputError, match="imported_dir: expected the clips with the checksum 2222"):
        ImportedKind().resolve(other, training.features)
