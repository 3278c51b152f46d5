"""What a person sees of names: letters that no font has are said once, by the commands that draw."""

import io

import numpy as np
import pytest
import soundfile

from gansynth_isa.cli import inspect
from gansynth_isa.cli.resolution import warn_of_letters
from gansynth_isa.cli.runtime import run_command
from gansynth_isa.console import Console


@pytest.fixture(autouse=True)
def no_fonts(monkeypatch):
    """A machine without any font but the usual one."""
    monkeypatch.setattr("gansynth_isa.drawing._other_fonts", dict)


def test_training_says_which_letters_of_class_names_pictures_lack():
    output = io.StringIO()
    warn_of_letters(("bolt", "größe"), Console(output))
    assert output.getvalue() == ""
    warn_of_letters(("螺", "bolt", "螺母"), Console(output))
    assert output.getvalue().count("\n") == 1 and "letters 母螺;" in output.getvalue()


def test_inspect_draws_names_of_any_kind_and_says_what_is_lacking_in_one_line(tmp_path, capfd):
    for index, name in enumerate(("mix_$5_and_$10", "Ba$$in", "螺", "a\nb {0} %s")):
        (tmp_path / "data" / name).mkdir(parents=True)
        samples = 0.1 * np.random.default_rng(index).normal(size=8820)
        soundfile.write(tmp_path / "data" / name / "take $1$ [x].wav", samples, 44100)
    flags = ["--dataset=folder", f"--data_dir={tmp_path / 'data'}", "--clip_seconds=0.1", "--mel_bins=16"]
    assert run_command(inspect.main, ["inspect", *flags, f"--picture={tmp_path / 'picture.png'}"]) == 0
    output = capfd.readouterr().out
    assert output.count("no font here has the letters 螺;") == 1
    assert all(name in output for name in ("mix_$5_and_$10", "Ba$$in", "a\\nb {0} %s"))
    assert (tmp_path / "picture.png").stat().st_size > 1000
