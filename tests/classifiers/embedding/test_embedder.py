"""Embeddings of clips of recordings."""

import dataclasses

import numpy as np
import pytest
import soundfile

from gansynth_isa.classifiers.embedding import embedder
from gansynth_isa.classifiers.embedding.embedder import EmbeddedClips, Embedder, embed_clips, fitted
from gansynth_isa.classifiers.embedding.safety import model_sha256
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.errors import InputError


@pytest.fixture
def config(saved_model):
    return ClassifierConfig(
        classifier="embedding",
        embedding_model=str(saved_model),
        embedding_sample_rate=8000,
        embedding_pooling="mean_deviation",
    )


@pytest.fixture
def data(tmp_path):
    for number, name in enumerate(("nut/1", "nut/2", "screw/1")):
        path = tmp_path / "recordings" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, np.random.default_rng(number).normal(0, 0.1, 1700), 8000, subtype="FLOAT")
    return DataConfig(sample_rate=8000, clip_seconds=0.1, data_dir=str(tmp_path / "recordings"))


@pytest.fixture
def clips(data):
    return load_clips(data, FeatureConfig(fft_length=128, hop_length=64, mel_bins=8))


def expected(data, name, start, frame_values):
    samples = soundfile.read(f"{data.data_dir}/{name}", dtype="float32")[0][start : start + 800]
    values = frame_values(samples)
    return np.concatenate([values.mean(axis=0), values.std(axis=0)])


def test_embeddings_are_mean_and_deviation_over_the_frames_of_each_clip(clips, data, config, frame_values):
    embedded = embed_clips(clips, data, config)
    assert isinstance(embedded, EmbeddedClips) and embedded.spectrograms.shape == (6, 1, 6, 1)
    assert embedded.clip_ids == clips.clip_ids and embedded.fingerprint() == clips.fingerprint()
    for index, (name, start) in enumerate([("nut/1.wav", 0), ("nut/1.wav", 800), ("nut/2.wav", 0)]):
        np.testing.assert_allclose(
            embedded.spectrograms[index, 0, :, 0], expected(data, name, start, frame_values), rtol=1e-4
        )


def test_clips_of_which_few_fit_into_memory_and_none_are_embedded_too(clips, data, config, monkeypatch):
    whole = embed_clips(clips, data, config).spectrograms
    monkeypatch.setattr(embedder, "SAMPLES_AT_ONCE", 4 * 800)
    np.testing.assert_array_equal(embed_clips(clips, data, config).spectrograms, whole)
    assert len(embed_clips(clips.select([]), data, config)) == 0


def test_mean_alone_is_the_first_half(clips, data, config):
    both = embed_clips(clips, data, config).spectrograms
    mean = embed_clips(clips, data, dataclasses.replace(config, embedding_pooling="mean")).spectrograms
    np.testing.assert_array_equal(mean, both[:, :, :3])


def test_selected_clips_in_another_order_have_their_own_embeddings(clips, data, config):
    order = [5, 0, 3]
    found = embed_clips(clips.select(order), data, config).spectrograms
    np.testing.assert_array_equal(found, embed_clips(clips, data, config).spectrograms[order])


def test_cache_is_read_for_the_same_model_and_clips_alone(clips, data, config, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    first = embed_clips(clips, data, config, cache)
    monkeypatch.setattr(embedder, "read_waveforms", lambda *_: pytest.fail("embedded again"))
    np.testing.assert_array_equal(embed_clips(clips, data, config, cache).spectrograms, first.spectrograms)
    for other in (
        dataclasses.replace(config, embedding_output="scores"),
        dataclasses.replace(config, embedding_seconds=0.05),
    ):
        with pytest.raises(pytest.fail.Exception):
            embed_clips(clips, data, other, cache)
    with pytest.raises(pytest.fail.Exception):
        embed_clips(clips.select([0, 1]), data, config, cache)


def test_recording_that_changed_since_is_refused_and_nothing_is_kept(clips, data, config, tmp_path):
    soundfile.write(f"{data.data_dir}/nut/2.wav", np.zeros(1700), 8000)
    with pytest.raises(InputError, match=r"nut/2.wav: the recording is another one"):
        embed_clips(clips, data, config, tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_clip_is_resampled_repeated_or_cut_to_the_length_of_the_model(data, litert_file, frame_values):
    config = ClassifierConfig(
        classifier="embedding", embedding_model=str(litert_file), embedding_sample_rate=8000, embedding_pooling="mean"
    )
    short = np.random.default_rng(3).normal(0, 0.1, 300).astype(np.float32)
    values = Embedder(config, 8000).transform(short[np.newaxis])[0, 0, :, 0]
    np.testing.assert_allclose(values, frame_values(np.tile(short, 3)[:800]).mean(axis=0), rtol=1e-4)
    tone = np.sin(2 * np.pi * 440 * np.arange(1600) / 16000).astype(np.float32)
    values = Embedder(config, 16000).transform(tone[np.newaxis])[0, 0, :, 0]
    np.testing.assert_allclose(values[2], np.sqrt(0.5), rtol=0.02)


def test_pieces_cover_a_long_clip_from_its_beginning_to_its_end():
    pieces = fitted(np.arange(25), 10)
    assert [(piece[0], piece[-1]) for piece in pieces] == [(0, 9), (8, 17), (15, 24)]
    assert fitted(np.arange(3), 7)[0].tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert [piece.tolist() for piece in fitted(np.arange(4), 4)] == [[0, 1, 2, 3]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"embedding_model": None}, "embedding_model: expected a SavedModel"),
        ({"embedding_sample_rate": None}, "embedding_sample_rate: expected the rate"),
        ({"embedding_sha256": "0" * 64}, "embedding_model: expected the model with the checksum 0000"),
        ({"embedding_seconds": 1e-4}, "embedding_seconds: expected 2 to"),
        ({"embedding_seconds": 1e6}, "embedding_seconds: expected 2 to"),
    ],
)
def test_embedder_of_wrong_settings_is_refused(config, changes, message):
    with pytest.raises(InputError, match=message):
        Embedder(dataclasses.replace(config, **changes), 8000)


def test_length_that_the_model_does_not_take_is_refused(litert_file):
    config = ClassifierConfig(classifier="embedding", embedding_model=str(litert_file), embedding_sample_rate=8000)
    assert Embedder(config, 8000).sha256 == model_sha256(litert_file)
    with pytest.raises(InputError, match="embedding_seconds: expected 0.1 s, the 800 samples .* got 0.2 s"):
        Embedder(dataclasses.replace(config, embedding_seconds=0.2), 8000)
