"""Settings of programs: values that are not quite of the type of a flag, but mean the same."""

import json
from pathlib import Path

import numpy as np
import pytest

from gansynth_isa.config import ClassifierConfig, DataConfig, GridConfig
from gansynth_isa.errors import InputError
from gansynth_isa.validation import to_dict


def test_path_is_kept_as_text():
    data = DataConfig(data_dir=Path("a") / "b")
    assert data == DataConfig(data_dir="a/b")
    assert json.dumps(to_dict(data)["data_dir"]) == '"a/b"'


def test_integers_of_numpy_are_kept_as_integers():
    config = GridConfig(levels=np.arange(3, 5), trials=np.int64(2))
    assert config.levels == (3, 4)
    assert [type(value) for value in (*config.levels, config.trials)] == [int, int, int]


@pytest.mark.parametrize("value", [True, 1.0, "1", np.float64(1.0), np.True_])
def test_what_is_no_integer_is_refused(value):
    with pytest.raises(InputError, match="trial_seed: expected int, got "):
        ClassifierConfig(trial_seed=value)
