"""Settings of the transfer of differences."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting

ANY, OWN = "any", "own"
MEAN_SPECTRUM, CLIP = "mean_spectrum", "clip"
LARGEST_SMOOTHING = 10_000.0  # mel bins; a bell far wider than any clip needs memory and smooths no more
LARGEST_SHARE = 100.0  # clips of far larger shares are not finite in float16, in which they are stored


@dataclass(frozen=True)
class TransferConfig(Validated):
    """A training clip plus a share of the difference of two clips of one class."""

    transfer_from: str = setting(
        ANY,
        "whose two clips differ: of any class, each as likely, or of the clip's own",
        Decides.TRAINING,
        choices=(ANY, OWN),
    )
    transfer_over: str = setting(
        MEAN_SPECTRUM,
        "what differs: the smoothed mean spectra, the same in all frames, or the clips, value by value",
        Decides.TRAINING,
        choices=(MEAN_SPECTRUM, CLIP),
    )
    transfer_smoothing: float | None = setting(
        None,
        "deviation in mel bins of the bell by which mean spectra are smoothed, 0 for none; default: a 32nd of the bins",
        Decides.TRAINING,
        minimum=0.0,
        maximum=LARGEST_SMOOTHING,
    )
    transfer_largest_share: float | None = setting(
        None,
        "the share of the difference is uniform from 0 to this; default: chosen by clips that were left out",
        Decides.TRAINING,
        above=0.0,
        maximum=LARGEST_SHARE,
    )
