"""Recordings for the documented programs, which run as they stand, but for small numbers in place of long ones."""

import re

import numpy as np
import pytest
import soundfile

SMALL_EXAMPLE = {
    "samples_per_class=200": "samples_per_class=8",
    "classifier_steps=600": "classifier='three_layer', classifier_steps=60",
}


def tone(hertz: float, seed: int) -> np.ndarray:
    """0.8 s of a tone in noise at 44100 Hz."""
    time_s = np.arange(35280) / 44100
    return 0.3 * np.sin(2 * np.pi * hertz * time_s) + 0.02 * np.random.default_rng(seed).normal(size=len(time_s))


@pytest.fixture(scope="session")
def working(tmp_path_factory):
    """A folder with RECORDINGS, two recordings of two clips per class and side, and new.wav, a low one."""
    root = tmp_path_factory.mktemp("working")
    for number, side in enumerate(("train", "test")):
        for name, hertz in (("high", 3000.0), ("low", 300.0)):
            for index in range(2):
                path = root / "RECORDINGS" / side / name / f"{index}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(path, tone(hertz * (1 + 0.03 * index), 2 * number + index), 44100)
    soundfile.write(root / "new.wav", tone(310.0, 9), 44100)
    return root


@pytest.fixture(autouse=True)
def inside(working, monkeypatch):
    """Programs run in that folder."""
    monkeypatch.chdir(working)


@pytest.fixture(scope="session")
def page(repository):
    """The text of the page."""
    return (repository / "docs" / "from_python.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def program(page):
    """A function of first words and small numbers: the block of Python in the page that begins so, made small."""
    return lambda first_words, small: _program(page, first_words, small)


def _program(page: str, first_words: str, small: dict[str, str]) -> str:
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    text = next(block for block in blocks if block.startswith(first_words))
    for long, short in small.items():
        assert long in text, f"docs/from_python.md: expected {long!r} in the program, for this test to shorten it"
        text = text.replace(long, short)
    return text


@pytest.fixture(scope="session")
def example(program, working):
    """The names of the first program after it has run, and what it printed under 'printed'."""
    printed, names = [], {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(working)
        names["print"] = lambda *values: printed.append(" ".join(map(str, values)))
        exec(program("import gansynth_isa", SMALL_EXAMPLE), names)
    return {**names, "printed": printed}
