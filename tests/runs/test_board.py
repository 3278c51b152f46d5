"""TensorBoard's own server on the loopback address, asked for what a finished run shows."""

import io
import json
import shutil
import urllib.parse
import urllib.request

import numpy as np
import pytest
import soundfile
import tensorflow as tf
from tensorboard import program
from tensorboard.plugins.hparams import metadata

from gansynth_isa.checks.crash_battery import read_events
from gansynth_isa.runs.board import EVENT_FILES, Board, rewind_events

# Names that the original GANSynth writes, as its users know them, and what this project adds.
ORIGINAL_SCALARS = {
    "losses/total_gen_loss", "losses/total_dis_loss", "losses/fake_ac_loss", "losses/real_ac_loss",
    "losses/wx_fake_ac_loss", "losses/wx_real_ac_loss", "progress",
}  # fmt: skip
ADDED_SCALARS = {
    "losses/generator_wass_loss", "losses/discriminator_wass_loss", "losses/gradient_penalty_loss",
    "losses/real_score_penalty", "scores/real", "scores/fake", "class_accuracy/real", "class_accuracy/fake",
    "gradient_norms/generator", "gradient_norms/discriminator", "learning_rates/generator",
    "learning_rates/discriminator", "images_per_s", "instruments/class_means", "instruments/spread",
    "instruments/grain", "instruments/deviation_over_time", "instruments/memorisation",
}  # fmt: skip


class Server:
    """A TensorBoard on a free port of the loopback address, over the folder of several runs."""

    def __init__(self, folder):
        board = program.TensorBoard()
        arguments = ["--logdir", str(folder), "--host", "127.0.0.1", "--port", "0", "--load_fast", "false"]
        board.configure(argv=["tensorboard", *arguments])
        self._url = board.launch()

    def get(self, path, body=None, **query):
        """The body of an answer."""
        url = f"{self._url}data/{path}?{urllib.parse.urlencode(query)}"
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, content, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def json(self, path, body=None, **query):
        """The body of an answer as JSON."""
        return json.loads(self.get(path, body, **query))


@pytest.fixture(scope="module")
def server(tiny_run):
    return Server(tiny_run.parent)


def test_server_lists_run_and_tags(server, tiny_run):
    assert server.json("runs") == [tiny_run.name]
    scalars = server.json("plugin/scalars/tags")[tiny_run.name]
    assert set(scalars) == ORIGINAL_SCALARS | ADDED_SCALARS
    assert set(server.json("plugin/images/tags")[tiny_run.name]) == {
        "fake_images", "interp_images", "real_images_blend"
    }  # fmt: skip
    assert set(server.json("plugin/text/tags")[tiny_run.name]) == {"configuration", "plan"}


def test_server_shows_the_values_of_the_reports(server, tiny_run):
    rows = [json.loads(line) for line in (tiny_run / "metrics.jsonl").read_text().splitlines()]
    for tag, name, factor in (
        ("losses/total_gen_loss", "generator_loss", 1), ("losses/wx_fake_ac_loss", "fake_class_loss", 10),
        ("gradient_norms/discriminator", "discriminator_gradient_norm", 1),
    ):  # fmt: skip
        points = server.json("plugin/scalars/scalars", run=tiny_run.name, tag=tag)
        assert [point[1] for point in points] == [row["image"] for row in rows]
        assert [point[2] for point in points] == pytest.approx([factor * row[name] for row in rows], rel=1e-5)


def test_server_gives_a_picture_over_http(server, tiny_run):
    tag = {"run": tiny_run.name, "tag": "fake_images", "sample": 0}
    shown = server.json("plugin/images/images", **tag)
    assert [picture["step"] for picture in shown] == [8, 16, 24, 32, 40, 48]
    address = shown[-1]["query"]
    content = server.get(f"plugin/images/individualImage?{address}&x=")
    assert content.startswith(b"\x89PNG\r\n") and len(content) > 1000
    blends = server.json("plugin/images/images", **{**tag, "tag": "real_images_blend"})
    assert [picture["step"] for picture in blends] == [24, 32]


def test_server_plays_a_real_clip_of_each_class_and_what_each_stage_ended_with(server, tiny_run):
    tags = server.json("plugin/audio/tags")[tiny_run.name]
    assert set(tags) == {f"{kind}_audio/{name}" for kind in ("fake", "real") for name in ("loud", "quiet")}
    for tag, steps in (("real_audio/loud", [0]), ("fake_audio/quiet", [16, 32, 48])):
        clips = server.json("plugin/audio/audio", run=tiny_run.name, tag=tag, sample=0)
        assert [clip["step"] for clip in clips] == steps
        content = server.get(f"plugin/audio/individualAudio?{clips[-1]['query']}&content_type=audio/wav")
        sound, sample_rate = soundfile.read(io.BytesIO(content))
        # The clips are 0.1 s long, but four frames cover less.
        assert sample_rate == 44100 and sound.shape == (3 * 512 + 2048,)
        assert 0.89 < np.abs(sound).max() < 0.91


def test_sounds_stand_under_the_names_of_their_classes_as_they_are(tmp_path):
    names = ["a/b", "mix_$5_and_$10", "größe 螺母 😀", "<b>&|[x]*", "100% {0}"]
    board = Board(tmp_path)
    board.audio(0, {f"real_audio/{name}": np.zeros(8) for name in [*names, "two\nlines"]}, 8000)
    board.close()
    (path,) = tmp_path.glob(EVENT_FILES)
    events = [
        tf.compat.v1.Event.FromString(record) for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
    ]
    tags = [value.tag for event in events for value in event.summary.value]
    assert tags == [f"real_audio/{name}" for name in [*names, "two\\nlines"]]


def test_server_shows_settings_and_results_of_runs_as_hparams(server, tiny_run):
    request = {"experimentName": "", "hparamsLimit": 0}
    experiment = server.json("plugin/hparams/experiment", request)
    names = {info["name"] for info in experiment["hparamInfos"]}
    assert {"fmap_max", "generator_learning_rate", "stable_stage_num_images"} <= names
    metrics = {info["name"]["tag"] for info in experiment["metricInfos"]}
    assert "losses/total_dis_loss" in metrics


def test_runs_of_equal_folder_names_are_trials_of_their_own(tmp_path, tiny_config):
    trials = set()
    for parent in ("a", "b"):
        folder = tmp_path / parent / "gan"
        folder.mkdir(parents=True)
        Board(folder).describe(tiny_config, "plan")
        (events,) = folder.glob(EVENT_FILES)
        for record in tf.data.TFRecordDataset(str(events)).as_numpy_iterator():
            for value in tf.compat.v1.Event.FromString(record).summary.value:
                if value.tag == metadata.SESSION_START_INFO_TAG:
                    content = value.metadata.plugin_data.content
                    trials.add(metadata.parse_session_start_info_plugin_data(content).group_name)
    assert len(trials) == 2


def test_events_behind_an_image_are_dropped_and_a_torn_end_too(tiny_run, tmp_path):
    (path,) = tiny_run.glob(EVENT_FILES)
    shutil.copy(path, tmp_path)
    copied = tmp_path / path.name
    copied.write_bytes(copied.read_bytes()[:-5])
    rewind_events(tmp_path, 48)
    assert len(read_events(tmp_path)) == len(read_events(tiny_run)) - 1
    rewind_events(tmp_path, 24)
    assert read_events(tmp_path) == [event for event in read_events(tiny_run) if event[0] <= 24]
    rewind_events(tmp_path, -1)
    assert not copied.exists()
