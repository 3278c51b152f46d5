"""Properties that tell class or side without any sound; the recordings are made up."""

from dataclasses import replace

import pytest

from gansynth_isa.data.audio.opening import AudioInfo
from gansynth_isa.data.audio.signal_facts import SignalFacts
from gansynth_isa.data.recordings.give_aways import Observed, give_away_lines
from gansynth_isa.data.recordings.recording import Recording

INFO = AudioInfo(44100, 44100, 1, "WAV", "PCM_16")
SIGNAL = SignalFacts(None, (), 16, False, None, None)


def observe(label, number, side="all", name=None, signal=SIGNAL, **info):
    path = f"{label}/{name or f'{number}.wav'}"
    split = None if side == "all" else side
    return Observed(Recording(path, label, path, split), side, replace(INFO, **info), signal)


def two_classes(first, second, count=6):
    """`count` recordings of class a and of class b; each argument makes the properties of its class from a number."""
    return [
        observe(label, number, **make(number))
        for label, make in (("a", first), ("b", second))
        for number in range(count)
    ]


def plain(number):
    return {}


PAUSES = {"a": [-70.0, -69.5, -71.2, -70.4, -69.9, -70.1], "b": [-50.0, -51.3, -49.0, -50.7, -50.2, -51.0]}
GIVE_AWAYS = {
    "sample rate": lambda number: {"sample_rate": 22050, "num_samples": 22050},
    "format": lambda number: {"container": "OGG", "subtype": "VORBIS"},
    "number of channels": lambda number: {"channels": 2},
    "bits in use": lambda number: {"signal": replace(SIGNAL, used_bits=12)},
    "digital silence": lambda number: {"signal": replace(SIGNAL, has_digital_silence=True)},
    "upper limit of the spectrum": lambda number: {"signal": replace(SIGNAL, band_limit_hz=8000.0)},
    "software that wrote the file": lambda number: {"software": "Lavf58.76.100"},
    "length": lambda number: {"num_samples": 22050},
}


@pytest.mark.parametrize("name", GIVE_AWAYS)
def test_property_of_one_class_alone_is_said_in_one_line(name):
    (line,) = give_away_lines(two_classes(plain, GIVE_AWAYS[name]), 1.0)
    assert line.startswith(f"the {name}") and "alone tells the class (" in line and "b: " in line
    assert "\n" not in line


@pytest.mark.parametrize("name", GIVE_AWAYS)
def test_property_that_both_classes_share_is_no_give_away(name):
    def half(number):
        return GIVE_AWAYS[name](number) if number % 2 else {}

    assert list(give_away_lines(two_classes(half, half), 1.0)) == []
    assert list(give_away_lines(two_classes(GIVE_AWAYS[name], GIVE_AWAYS[name]), 1.0)) == []


@pytest.mark.parametrize("name", GIVE_AWAYS)
def test_property_of_two_recordings_only_is_left_to_chance(name):
    assert list(give_away_lines(two_classes(plain, GIVE_AWAYS[name], count=2), 1.0)) == []


def test_property_of_nearly_all_recordings_of_a_class_is_said_and_of_most_is_not():
    def all_but(exceptions):
        return lambda number: {} if number < exceptions else {"sample_rate": 48000, "num_samples": 48000}

    assert len(list(give_away_lines(two_classes(plain, all_but(1), count=40), 1.0))) == 1
    assert list(give_away_lines(two_classes(plain, all_but(5), count=40), 1.0)) == []


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("device in the name", "ZOOM000{}.WAV", "DR0000_000{}.wav"),
        ("date in the name", "20240131_12000{}.wav", "2024-02-01 12-00-0{}.wav"),
    ],
)
def test_device_or_day_in_the_names_of_one_class_is_said(name, first, second):
    def named(pattern):
        return lambda number: {"name": pattern.format(number)}

    lines = list(give_away_lines(two_classes(named(first), named(second)), 1.0))
    assert [line.split(" alone")[0] for line in lines] == [f"the {name}"]
    assert list(give_away_lines(two_classes(named(first), named(first)), 1.0)) == []


def test_names_that_only_number_or_say_the_class_are_no_device():
    def named(stem):
        return lambda number: {"name": f"{stem}_{number}.wav"}

    assert list(give_away_lines(two_classes(named("nut"), named("ball")), 1.0)) == []


def test_length_beyond_a_clip_and_lengths_of_nature_are_no_give_away():
    def of(seconds):
        return lambda number: {"num_samples": round(44100 * seconds(number))}

    assert list(give_away_lines(two_classes(of(lambda _: 2.0), of(lambda _: 3.0)), 1.0)) == []
    natural = two_classes(of(lambda number: 0.3 + 0.05 * number), of(lambda number: 0.7 + 0.05 * number))
    assert list(give_away_lines(natural, None)) == []
    (line,) = give_away_lines(two_classes(of(lambda _: 0.4), of(lambda _: 0.5)), None)
    assert "a: 0.4 s, b: 0.5 s" in line


def test_level_of_pauses_that_do_not_overlap_is_said_where_all_have_pauses():
    def pausing(levels):
        return lambda number: {"signal": replace(SIGNAL, pause_dbfs=levels[number])}

    (line,) = give_away_lines(two_classes(pausing(PAUSES["a"]), pausing(PAUSES["b"])), 1.0)
    assert line.startswith("the level of the pauses alone tells the class (a: -71 to -70 dBFS, b: -51 to -49 dBFS)")
    near = [level + 22.0 for level in PAUSES["a"]]  # 3 dB from b's
    assert list(give_away_lines(two_classes(pausing(near), pausing(PAUSES["b"])), 1.0)) == []
    some = [*PAUSES["a"][:4], None, None]
    assert list(give_away_lines(two_classes(pausing(some), pausing(PAUSES["b"])), 1.0)) == []


def test_rate_that_tells_the_side_is_said_and_one_of_both_sides_is_not():
    def on(side, rate):
        return [
            observe(label, number, side, sample_rate=rate, num_samples=rate) for label in "ab" for number in range(3)
        ]

    (line,) = give_away_lines([*on("train", 44100), *on("test", 48000)], 1.0)
    assert line.startswith("the sample rate alone tells training from test (test: 48000 Hz, train: 44100 Hz)")
    assert list(give_away_lines([*on("train", 44100), *on("test", 44100)], 1.0)) == []


def test_property_that_tells_the_class_in_training_alone_is_said():
    training = [
        observe(label, number, "train", subtype=f"PCM_{bits}")
        for label, bits in (("a", 16), ("b", 24))
        for number in range(4)
    ]
    testing = [observe(label, number, "test", subtype="PCM_16") for label in "ab" for number in range(4, 8)]
    lines = list(give_away_lines([*training, *testing], 1.0))
    assert [line.split(" alone tells the class")[0] for line in lines] == ["the format"]


def test_class_with_two_values_of_its_own_is_given_away_as_well():
    def one_of(*rates):
        return lambda number: {"sample_rate": rates[number % len(rates)], "num_samples": rates[number % len(rates)]}

    (line,) = give_away_lines(two_classes(one_of(8000, 16000), one_of(22050, 44100)), 1.0)
    assert "a: 8000 Hz, 16000 Hz" in line and "b: 22050 Hz, 44100 Hz" in line


def test_headers_alone_are_enough_for_what_headers_say():
    recordings = [replace(item, signal=None) for item in two_classes(plain, GIVE_AWAYS["sample rate"])]
    assert len(list(give_away_lines(recordings, None))) == 1
    assert list(give_away_lines([], None)) == []


def test_date_in_front_of_a_time_is_no_serial_number():
    def on(day):
        return lambda number: {"name": f"2024013{day}_12000{number}.wav"}

    lines = list(give_away_lines(two_classes(on(0), on(1)), 1.0))
    assert [line.split(" alone")[0] for line in lines] == ["the date in the name"]
