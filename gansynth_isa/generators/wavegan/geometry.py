"""Lengths and layers of WaveGAN and EnvGAN; needs no TensorFlow.

WaveGAN (Donahue et al. 2019, tables 3 and 4) makes 16 x 4^5 = 16,384 samples by five transposed convolutions of kernel
25 and stride 4; the authors' program adds a sixth of stride 2 or 4 for 32,768 or 65,536. Here their number follows from
the clip: 16 x 4^k x {1, 2, 4} samples. Filters halve from one to the next, down to the model size d before the last.

EnvGAN (Madhu and Kumaraswamy 2021) puts two further ones behind the five: 196,608 = 16 x 4^6 x 3 samples. Their filters
go on halving, which the paper leaves open: d / 2 and d / 4.
"""

from gansynth_isa.errors import InputError
from gansynth_isa.generators.adversarial.layout import Layout
from gansynth_isa.generators.wavegan.config import ENVGAN, WaveganConfig

START = 16  # positions of the dense layer's output
STRIDE = 4
KERNEL = 25
MAX_STEPS = 8  # strides of 4 from 16 positions to 2^20 samples, half a minute at 44.1 kHz
ENVGAN_STRIDES = (4, 4, 4, 4, 4, 4, 3)
ENVGAN_SAMPLES = 196_608
ENVGAN_MIN_SECONDS = 2.0
MAX_SAMPLES = START * STRIDE**MAX_STEPS
LENGTHS = tuple(sorted(START * STRIDE**steps * last for steps in range(1, MAX_STEPS + 1) for last in (1, 2)))[:-1]


def covering_length(num_samples: int) -> int:
    """The least of 16 x 4^k x {1, 2, 4} samples that holds `num_samples`.

    Raises:
      InputError: there is none: the clip is too long.
    """
    for length in LENGTHS:
        if length >= num_samples:
            return length
    raise InputError(
        f"clip_seconds: expected clips of at most {MAX_SAMPLES:,} samples for wavegan, got {num_samples:,}; cut "
        "shorter ones, or give a lower --sample_rate"
    )


def network_length(config: WaveganConfig, num_samples: int, sample_rate: int) -> int:
    """Samples that the networks make for clips of `num_samples`.

    Raises:
      InputError: a clip, or a length that is asked for, does not fit the architecture.
    """
    asked = config.wavegan_num_samples
    if config.wavegan_architecture == ENVGAN:
        _check_envgan(num_samples, sample_rate)
        if asked not in (None, ENVGAN_SAMPLES):
            raise InputError(f"wavegan_num_samples: expected {ENVGAN_SAMPLES:,} for envgan, got {asked:,}")
        if config.wavegan_model_size % 4:
            raise InputError(
                f"wavegan_model_size: expected a multiple of 4 for envgan, which halves it twice, got "
                f"{config.wavegan_model_size}"
            )
        return ENVGAN_SAMPLES
    if asked is None:
        return covering_length(num_samples)
    if asked not in LENGTHS or asked < num_samples:
        fitting = covering_length(num_samples)
        raise InputError(
            f"wavegan_num_samples: expected 16 x 4^k x 1, 2 or 4 that holds a clip of {num_samples:,} samples, such as "
            f"{fitting}, got {asked}"
        )
    return asked


def _check_envgan(num_samples: int, sample_rate: int) -> None:
    if num_samples <= ENVGAN_MIN_SECONDS * sample_rate:
        raise InputError(
            f"clip_seconds: expected clips above {ENVGAN_MIN_SECONDS:g} s for envgan, got "
            f"{num_samples / sample_rate:g} s; wavegan takes shorter ones"
        )
    if num_samples > ENVGAN_SAMPLES:
        raise InputError(
            f"clip_seconds: expected clips of at most {ENVGAN_SAMPLES:,} samples for envgan, got {num_samples:,}; cut "
            "shorter ones, or give a lower --sample_rate"
        )


def layout_of(config: WaveganConfig, length: int, num_samples: int) -> Layout:
    """Shapes of the networks that make `length` samples, of which a clip takes the first `num_samples`."""
    size = config.wavegan_model_size
    if config.wavegan_architecture == ENVGAN:
        strides: tuple[int, ...] = ENVGAN_STRIDES
        filters = tuple(size * 16 // 2**index for index in range(len(strides)))
    else:
        strides = _strides(length)
        filters = tuple(size * 2**index for index in reversed(range(len(strides))))
    return Layout((START,), tuple((each,) for each in strides), filters, (KERNEL,), (num_samples,))


def _strides(length: int) -> tuple[int, ...]:
    """Strides from START positions to a length of LENGTHS: 4, and at the end 2 where that is left."""
    strides = []
    while length > START:
        strides.append(STRIDE if length >= START * STRIDE else length // START)
        length //= strides[-1]
    return tuple(strides)
