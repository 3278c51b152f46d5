"""Settings of augmented copies."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting


@dataclass(frozen=True)
class CopiesConfig(Validated):
    """Augmented copies of training clips."""

    copies_probability: float = setting(
        1.0,
        "probability that a copy is augmented, by time and frequency masks, time shift, gain, filter and noise, each "
        "with probability 1/2; 0: plain copies",
        Decides.TRAINING,
        minimum=0.0,
        maximum=1.0,
    )
