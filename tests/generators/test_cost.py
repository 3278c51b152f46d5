"""What a plan says of cost, worked out by hand."""

from gansynth_isa.generators.cost import cost_text


def test_text_tells_operations_and_minutes_at_the_rate_of_two_cores():
    assert cost_text(18_000_000_000_000) == "cost 18.0 TFLOP: about 2 minutes on two cores at 150 GFLOP/s"
    assert cost_text(3_000_000_000_000) == "cost 3.0 TFLOP: less than a minute on two cores at 150 GFLOP/s"
    assert cost_text(18_000_000_000_000, 100) == "cost 18.0 TFLOP: about 3 minutes on two cores at 100 GFLOP/s"
