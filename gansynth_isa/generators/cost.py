"""What a training costs, in words; needs no library."""

# What two cores with a ceiling of 240 GFLOP/s (a lone 3x3 convolution, see docs/speed.md) sustain over a whole training
# of networks that are mostly 3x3 convolutions: measured with the progressive GAN (flags/bulk_material.flags).
TWO_CORE_GFLOPS = 150


def cost_text(flops: int, two_core_gflops: int = TWO_CORE_GFLOPS) -> str:
    """Operations of a training and about how long they take, for a plan.

    Args:
      flops: multiplications and additions of the whole training.
      two_core_gflops: 10^9 operations per second that two cores sustain, where layers are of another sort.
    """
    minutes = flops / (two_core_gflops * 1e9) / 60
    time = "less than a minute" if minutes < 1.0 else f"about {minutes:,.0f} minutes"
    return f"cost {flops / 1e12:,.1f} TFLOP: {time} on two cores at {two_core_gflops} GFLOP/s"
