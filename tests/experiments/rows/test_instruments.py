"""Which instruments of a row can be read, and which rows are refused."""

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.evaluation.instruments.measuring import measure_instruments
from gansynth_isa.experiments.rows.checks import check_gan_rows
from gansynth_isa.experiments.rows.instruments import PLACES, are_instruments, instrument_number

GAN_ROW = {
    "level": 4, "fold": "all", "subset_seed": 0, "gan": 0, "class_agreement": 0.5, "relative_spread": 1.0,
    "nearest_real_distance": 1.0, "minutes": 0.1,
}  # fmt: skip


def test_numbers_of_what_was_measured_are_found(make_clips, as_synthetic, quick_classifier):
    clips = make_clips(6, 0), make_clips(4, 1), as_synthetic(make_clips(6, 2))
    measured = measure_instruments(*clips, quick_classifier, trials=1)
    row = {"instruments": {"train": {}, "test": measured.to_dict()}}
    assert are_instruments(row["instruments"])
    found = {name: instrument_number(row, "test", name) for name in PLACES}
    assert found == {
        "usefulness": measured.usefulness.value,
        "reverse_usefulness": measured.usefulness.reverse_value,
        "class_means": measured.class_means.mean,
        "spread": measured.spread.mean,
        "grain": measured.grain.mean,
        "deviation_over_time": measured.deviation_over_time.mean,
        "memorisation": measured.memorisation.mean,
        "kernel_distance": measured.kernel_distance.overall.value,
        "onsets": None,  # of steady sounds
    }
    assert {instrument_number(row, "train", name) for name in PLACES} == {None}


def test_rows_without_instruments_have_no_numbers():
    assert instrument_number(GAN_ROW, "test", "usefulness") is None
    check_gan_rows("gans.jsonl", [GAN_ROW, GAN_ROW | {"instruments": {"train": {}, "test": {"spread": None}}}])


@pytest.mark.parametrize(
    "value",
    [
        3,
        {"test": 3},
        {"test": {"usefulness": "good"}},
        {"train": {"spread": 1.0}},
        {"test": {"spread": {"mean": 1e300}}},
    ],
)
def test_instruments_that_are_no_numbers_are_refused(value):
    with pytest.raises(InputError, match="row 1: instruments: expected numbers of the sides train and test"):
        check_gan_rows("gans.jsonl", [GAN_ROW | {"instruments": value}])
