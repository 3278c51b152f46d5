"""Rows of the benchmark as JSON and as a table."""

import json

from gansynth_isa.checks.benchmark.rows import Row, table_head, table_line

TRAINING = Row("train_metal_balls", 5, True, "bfloat16", 0.7, 686.5, 1.346, 5000.2, {"data_wait_share": 0.001})
FEATURES = Row("features", None, False, "float32", 500.0, None, None, 700.0)


def test_row_as_json_has_the_names_of_the_contract_on_one_level():
    assert json.loads(json.dumps(TRAINING.to_dict())) == {
        "name": "train_metal_balls",
        "blocks": 5,
        "growing": True,
        "precision": "bfloat16",
        "images_per_s": 0.7,
        "gflops": 686.5,
        "share_of_ceiling": 1.346,
        "peak_rss_mib": 5000.2,
        "data_wait_share": 0.001,
    }


def test_table_lines_end_below_the_columns_they_belong_to():
    head = table_head()
    for row, text in ((TRAINING, "135%"), (FEATURES, "-")):
        line = table_line(row)
        assert line[: head.index("ceiling") + len("ceiling")].endswith(text)
    assert table_line(TRAINING).endswith("data_wait_share 0.001")
