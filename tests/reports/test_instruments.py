"""The table of instruments of a report."""

import csv

from gansynth_isa.experiments.rows.files import append_row
from gansynth_isa.reports.report import write_report
from gansynth_isa.reports.sections.instruments import instrument_blocks, instrument_table


def gan_row(level, generator=None, gan=0, **numbers):
    test = {name: value if name.endswith("usefulness") else {"mean": value} for name, value in numbers.items()}
    return {
        "dataset": "impacts", "level": level, "fold": "1", "subset_seed": 0, "gan": gan, "generator": generator,
        "class_agreement": 0.5, "relative_spread": 1.0, "nearest_real_distance": 1.0, "minutes": 0.1,
        "instruments": {"train": {}, "test": test},
    }  # fmt: skip


def test_table_holds_means_by_kind_and_level_the_paper_s_first():
    rows = [
        gan_row(18, "gaussian", usefulness=0.9, spread=1.2),
        gan_row(4, usefulness=0.5, spread=0.4),
        gan_row(4, gan=1, usefulness=0.7, spread=None),
    ]
    table = instrument_table(rows)
    assert [line[:3] + line[-1:] for line in table.rows] == [["GAN", "4", "0.60", "2"], ["gaussian", "18", "0.90", "1"]]
    assert table.records[0]["spread"] == 0.4 and table.records[0]["grain"] is None
    assert table.rows[0][3] == "–" and table.header[2] == "usefulness"


def test_report_has_the_table_where_a_row_has_instruments_and_else_no_word_of_them(tmp_path, result_rows):
    plain = [{**gan_row(4, gan=number)} for number in range(2)]
    for row in plain:
        del row["instruments"]
    for name, gan_rows in (("without", plain), ("with", [*plain, gan_row(18, usefulness=0.8)])):
        (tmp_path / name).mkdir()
        for row in result_rows():
            append_row(tmp_path / name / "results.jsonl", row)
        for row in gan_rows:
            append_row(tmp_path / name / "gans.jsonl", row)
    reports = {
        name: {
            path.name: path.read_text(errors="replace")
            for path in write_report(tmp_path / name, tmp_path / name / "report").files
        }
        for name in ("without", "with")
    }
    assert "Instruments" not in reports["without"]["report.html"] and "instruments.csv" not in reports["without"]
    assert "Instruments, measured on the test side" in reports["with"]["report.html"]
    (line,) = csv.DictReader(reports["with"]["instruments.csv"].splitlines())
    assert (line["generator"], line["level"], line["usefulness"], line["number"]) == ("gansynth", "18", "0.8", "1")
    assert instrument_blocks(plain) == []
