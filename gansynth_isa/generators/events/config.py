"""Settings of clips with impacts placed anew."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting

PARTS = ("transfer", "gaussian", "smote")  # kinds that background and impacts may be made by
LONGEST_MS = 60_000.0
LARGEST_THRESHOLD_DB = 120.0


@dataclass(frozen=True)
class EventsConfig(Validated):
    """Impacts cut out of clips, learnt, and placed anew over backgrounds without any."""

    events_background: str = setting(
        "transfer",
        "the kind that makes the background, fitted to the clips without their impacts",
        Decides.TRAINING,
        choices=PARTS,
    )
    events_impacts: str = setting(
        "transfer", "the kind that makes the impacts, fitted to those of the clips", Decides.TRAINING, choices=PARTS
    )
    events_length_ms: float | None = setting(
        None,
        "length of an impact from its onset on, in milliseconds; default: until impacts have died away on average",
        Decides.TRAINING,
        above=0.0,
        maximum=LONGEST_MS,
    )
    events_threshold_db: float | None = setting(
        None,
        "an onset is a rise of power by more than this from one frame to the next, in dB, on average over mel bins; "
        "default: what stands out of the clips' rises",
        Decides.TRAINING,
        above=0.0,
        maximum=LARGEST_THRESHOLD_DB,
    )
