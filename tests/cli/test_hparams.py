"""--hparams: settings as JSON, checked like flags, in place of the preset."""

import pytest

from gansynth_isa.cli.options import parse_options
from gansynth_isa.errors import InputError


def parse(*arguments):
    return parse_options(["command", *arguments], "does something")


@pytest.mark.parametrize(
    ("hparams", "message"),
    [
        ('{"fmap_mx": 64}', r"hparams: fmap_mx: no such setting; did you mean 'fmap_max'\?"),
        ('{"fmap_max": "64"}', "fmap_max: expected int, got '64'"),
        ('{"fmap_max": 64.5}', "fmap_max: expected int, got 64.5"),
        ('{"fmap_max": 64', "hparams: expected a JSON object"),
        ("[64]", "hparams: expected a JSON object"),
        ('{"gaussian_sharing": NaN}', "gaussian_sharing: expected a finite number, got nan"),
        ('{"fmap_max": 64, "fmap_max": 65}', "hparams: fmap_max: expected once, got 2 times"),
        ('{"output_dir": "x"}', "hparams: output_dir: no such setting"),
    ],
)
def test_wrong_hparams_are_one_clear_line(hparams, message):
    with pytest.raises(InputError, match=message):
        parse(f"--hparams={hparams}")


def test_hparams_override_the_preset():
    options = parse("--dataset=mb", '--hparams={"fmap_max": 64, "batch_size_schedule": [4]}')
    assert options.generators["gansynth"].network.fmap_max == 64
    assert options.generators["gansynth"].training.batch_size_schedule == (4,)
    assert options.generators["gansynth"].network.num_resolutions == 5


def test_hparams_and_flag_with_another_value_are_refused():
    with pytest.raises(InputError, match="fmap_max: expected one value, got 32 as a flag and 64 in --hparams"):
        parse("--fmap_max=32", '--hparams={"fmap_max": 64}')
    with pytest.raises(InputError, match="fmap_max: expected one value, got 256"):
        parse("--dataset=mb", "--fmap_max=256", '--hparams={"fmap_max": 64}')


def test_hparams_and_flag_with_the_same_value_are_accepted():
    options = parse("--batch_size_schedule=4,8", '--hparams={"batch_size_schedule": [4, 8]}')
    assert options.generators["gansynth"].training.batch_size_schedule == (4, 8)


def test_hparams_override_a_flagfile_that_restates_the_preset(repository):
    options = parse(f"--flagfile={repository}/flags/mb.flags", '--hparams={"fmap_max": 64}')
    assert options.generators["gansynth"].network.fmap_max == 64


@pytest.mark.parametrize("hparams", ['{"dataset": ["mb"]}', '{"channels": "\u00b2"}'])
def test_hparams_of_a_wrong_kind_are_refused(hparams):
    with pytest.raises(InputError, match="dataset: expected|channels: expected"):
        parse(f"--hparams={hparams}")
