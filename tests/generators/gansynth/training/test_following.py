"""What a worker and the chief do when they do not train on the same."""

import dataclasses
import json

import pytest

from gansynth_isa.console import Console
from gansynth_isa.errors import InputError
from gansynth_isa.generators.gansynth.training.following import announce, follow_chief
from gansynth_isa.generators.gansynth.training.run import describe_run
from gansynth_isa.runs.replicas import Replicas


class Played(Replicas):
    """Stands in for the chief and for other workers."""

    def __init__(self, text: str = "", others_flag: bool = False):
        self.text, self.others_flag, self.flags = text, others_flag, []

    def text_from_chief(self, text):
        return self.text

    def any(self, flag):
        self.flags.append(flag)
        return flag or self.others_flag

    def from_chief(self, number):
        return 1  # the run is finished


@pytest.fixture
def told(tiny_config, tiny_clips):
    """What the chief of the tiny run tells, with a precision and groups that it has filled in."""
    training = dataclasses.replace(tiny_config.training, minibatch_groups=2)
    config = dataclasses.replace(tiny_config, training=training)
    return json.dumps(describe_run(config, tiny_clips).to_dict())


def test_worker_whose_folder_is_elsewhere_follows_the_chief(told, tiny_config, tiny_clips, capsys):
    data = dataclasses.replace(tiny_config.data, data_dir="/elsewhere")
    replicas = Played(told)
    follow_chief(dataclasses.replace(tiny_config, data=data), tiny_clips, replicas, Console())
    assert replicas.flags == [False]
    assert "nothing to do" in capsys.readouterr().out


def test_worker_with_another_setting_says_which_and_tells_the_others(told, tiny_config, tiny_clips):
    network = dataclasses.replace(tiny_config.network, fmap_max=8)
    replicas = Played(told)
    with pytest.raises(InputError, match=r"the chief trains on something else \(fmap_max: 4 -> 8\)"):
        follow_chief(dataclasses.replace(tiny_config, network=network), tiny_clips, replicas, Console())
    assert replicas.flags == [True]


def test_worker_with_other_recordings_says_so(told, tiny_config, tiny_clips):
    digests = {**tiny_clips.digests, "loud/0.wav": "f" * 64}
    with pytest.raises(InputError, match="other recordings or another subset"):
        follow_chief(tiny_config, dataclasses.replace(tiny_clips, digests=digests), Played(told), Console())


def test_chief_stops_when_a_worker_has_something_else(tiny_config, tiny_clips):
    with pytest.raises(InputError, match="a worker was started with other recordings or settings"):
        announce(describe_run(tiny_config, tiny_clips), Played(others_flag=True))
