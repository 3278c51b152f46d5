"""Which clips are unlabelled, and which may not be."""

import dataclasses

import numpy as np
import pytest
import soundfile

from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.loading import load_unlabelled
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips, check_unlabelled, pool_of
from gansynth_isa.errors import InputError


def places(clips, wanted):
    return [place for place, group in enumerate(clips.groups) if group in wanted]


def test_pool_leaves_out_groups_of_labelled_clips(clips):
    labelled = clips.select(places(clips, "1")[:2])
    pool = pool_of(clips, labelled)
    assert len(pool) == 16 and pool.apart == "group"
    assert {name[2] for name in pool.recordings} == {"2", "3"}  # as in a_2.wav
    assert "none of a recording or group with labelled clips" in pool.text()


def test_pool_takes_other_recordings_where_every_group_has_labelled_clips(clips):
    labelled = clips.select([place for place in places(clips, "123") if clips.labels[place] == 0])
    pool = pool_of(clips, labelled)
    assert len(pool) == 12 and pool.apart == "recording"
    assert {name[0] for name in pool.recordings} == {"b"}
    assert "of groups with labelled clips too" in pool.text()


def test_pool_takes_other_clips_where_every_recording_has_labelled_ones(clips):
    labelled = clips.select(range(0, len(clips), 2))
    pool = pool_of(clips, labelled)
    assert len(pool) == 12 and pool.apart == "clip"
    assert not set(pool.clip_ids) & set(labelled.clip_ids)
    assert "of recordings with labelled clips too" in pool.text()


def test_pool_beside_labels_for_everything_is_refused(clips):
    with pytest.raises(InputError, match="unlabelled: expected clips .* without a label, but all 24 are labelled"):
        pool_of(clips, clips)


def test_unlabelled_clips_hold_no_class(clips):
    unlabelled = UnlabelledClips.of(clips)
    assert not {"labels", "class_names"} & {item.name for item in dataclasses.fields(unlabelled)}


def test_unlabelled_recording_of_the_test_side_is_refused_by_its_content(clips):
    train, test = clips.select(places(clips, "1")), clips.select(places(clips, "2"))
    others = UnlabelledClips.of(clips.select(places(clips, "3")))
    check_unlabelled(others, train, test)
    twin = dataclasses.replace(others, digests={**others.digests, "b_3.wav": test.digests["a_2.wav"]})
    with pytest.raises(InputError, match="expected no recording of the test side, but b_3.wav is .* a_2.wav"):
        check_unlabelled(twin, train, test)


def test_no_unlabelled_clips_and_those_of_another_shape_are_refused(clips):
    others = UnlabelledClips.of(clips)
    with pytest.raises(InputError, match="expected one unlabelled clip or more, got none"):
        check_unlabelled(others.without(set(others.digests.values())), clips, clips.select([]))
    flat = dataclasses.replace(others, spectrograms=others.spectrograms[:, :2])
    with pytest.raises(InputError, match=r"expected clips of shape \(4, 4, 1\), got \(2, 4, 1\)"):
        check_unlabelled(flat, clips, clips.select([]))


def test_clips_without_given_recordings_keep_the_others_in_order(clips):
    others = UnlabelledClips.of(clips)
    left = others.without({others.digests["a_1.wav"]})
    assert left.clip_ids == tuple(name for name in clips.clip_ids if not name.startswith("a_1.wav"))
    np.testing.assert_array_equal(left.spectrograms, clips.spectrograms[4:])
    assert set(left.digests) == set(others.digests) - {"a_1.wav"}


def test_fingerprint_follows_content_and_clips(clips):
    others = UnlabelledClips.of(clips)
    changed = dataclasses.replace(others, digests={**others.digests, "a_1.wav": "other"})
    prints = {each.fingerprint() for each in (others, changed, UnlabelledClips.of(clips.select(range(23))))}
    assert len(prints) == 3 and others.fingerprint() in prints


DATA = DataConfig(sample_rate=8000, clip_seconds=0.1)
FEATURES = FeatureConfig(fft_length=128, hop_length=64, mel_bins=8, frames=16)


def test_folder_of_recordings_is_read_whatever_their_names_say(tmp_path):
    for number, path in enumerate(("x.wav", "train/brass/y.flac", "test/steel/z.WAV")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        samples = np.random.default_rng(number).normal(0, 0.1, 1600)
        soundfile.write(tmp_path / path, samples, 8000, format="FLAC" if path.endswith("flac") else "WAV")
    (tmp_path / "notes.txt").write_text("no recording")
    lines = []
    found = load_unlabelled(tmp_path, DATA, FEATURES, lines.append)
    assert found.spectrograms.shape == (6, 16, 8, 1) and found.apart == "folder"
    assert set(found.digests) == {"x.wav", "train/brass/y.flac", "test/steel/z.WAV"}
    assert lines == ["unlabelled: ignored: 1 other file(s): notes.txt"]
    again = load_unlabelled(tmp_path, DATA, FEATURES, None, tmp_path / "cache")
    np.testing.assert_array_equal(again.spectrograms, found.spectrograms)


def test_folder_that_is_missing_or_holds_no_recording_is_refused(tmp_path):
    with pytest.raises(InputError, match="unlabelled_dir: expected a folder with recordings, but .* is none"):
        load_unlabelled(tmp_path / "nowhere", DATA, FEATURES)
    (tmp_path / "notes.txt").write_text("no recording")
    with pytest.raises(InputError, match="unlabelled_dir: expected recordings .* found 1 other file"):
        load_unlabelled(tmp_path, DATA, FEATURES)
