"""--real_share: a number or a word, and the 0 that stood for the word."""

import pytest

from gansynth_isa.cli.flag_parsing import define_flags, help_text
from gansynth_isa.cli.options import flag_groups, parse_options
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.errors import InputError
from gansynth_isa.validation import from_dict, to_dict


def parse(*arguments):
    return parse_options(["command", *arguments], "does something").classifier.real_share


@pytest.mark.parametrize(
    ("arguments", "share"),
    [
        ([], None),
        (["--real_share="], None),
        (["--real_share=0.5"], 0.5),
        (["--real_share=union"], "union"),
        (["--real_share=0"], "union"),
        (["--real_share=0.0"], "union"),
        (['--hparams={"real_share": 0.0}'], "union"),
        (['--hparams={"real_share": 0}', "--real_share=union"], "union"),
        (["--dataset=mb", "--real_share=0.5"], 0.5),
    ],
)
def test_real_share_is_none_a_number_or_the_union_which_was_zero(arguments, share):
    assert parse(*arguments) == share


def test_flagfile_of_an_earlier_version_that_restates_the_preset_gives_way_to_hparams(tmp_path):
    (tmp_path / "mb.flags").write_text("--dataset=mb\n--real_share=0.0\n")
    assert parse(f"--flagfile={tmp_path}/mb.flags", '--hparams={"real_share": 0.5}') == 0.5


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--real_share=half", "--real_share=half: expected a number or union, got 'half'"),
        ("--real_share=1", "real_share: expected less than 1, got 1"),
        ("--real_share=-0.1", "real_share: expected more than 0, got -0.1"),
        ('--hparams={"real_share": "half"}', "real_share: expected float or union, got 'half'"),
        ('--hparams={"real_share": false}', "real_share: expected float or union, got False"),
    ],
)
def test_real_share_that_is_none_of_these_is_refused(argument, message):
    with pytest.raises(InputError, match=message):
        parse(argument)


@pytest.mark.parametrize("share", [None, 0.25, "union"])
def test_real_share_survives_json(share):
    config = ClassifierConfig(real_share=share)
    assert from_dict(ClassifierConfig, to_dict(config)) == config


def test_help_says_that_real_share_takes_a_number_or_a_word():
    assert "  --real_share=float|union\n" in help_text(
        define_flags(flag_groups()), flag_groups(), "command", "does something"
    )
