"""What would make a result worthless though every file can be read; said by all commands that read recordings."""

import math
from collections.abc import Iterator, Sequence

from gansynth_isa.config import DataConfig
from gansynth_isa.data.audio.signal_facts import MAX_LOSS_DB
from gansynth_isa.data.recordings.give_aways import Observed, give_away_lines
from gansynth_isa.data.recordings.names import look_alike_lines
from gansynth_isa.errors import printable

# Beyond what the mean of independent channels loses: 10 log10(channels), 3 dB for two.
SUSPICIOUS_LOSS_DB = 6.0


def pitfall_lines(observed: Sequence[Observed], data: DataConfig) -> Iterator[str]:
    """One line for each thing that should be looked at before a result is believed.

    Args:
      observed: all recordings that can be read.
      data: how they are cut; `clip_seconds` None means the longest recording.
    """
    yield from _mix_lines(observed, data)
    yield from _silent_channel_lines(observed, data)
    yield from give_away_lines(observed, data.clip_seconds)
    yield from look_alike_lines("classes", {item.recording.label for item in observed})
    groups = {item.recording.group for item in observed if item.recording.group != item.recording.path}
    yield from look_alike_lines("groups", groups)


def _silent_channel_lines(observed: Sequence[Observed], data: DataConfig) -> Iterator[str]:
    """Of channels that clips are cut from by themselves; a mix does not mind."""
    bad = [item for item in observed if item.signal is not None and _has_silent_clips(item, data.channels)]
    if bad:
        yield (
            f"a channel that clips are cut from is silent in {len(bad)} of {len(observed)} recordings, such as "
            f"{printable(bad[0].recording.path)}: its clips are silence; --channels=mix or another index has sound, "
            "or --min_clip_dbfs leaves them out"
        )


def _has_silent_clips(item: Observed, channels: str) -> bool:
    silent = item.signal.silent_channels
    return bool(silent) if channels == "each" else channels != "mix" and int(channels) in silent


def cancels_itself(item_channels: int, mix_loss_db: float | None) -> bool:
    """Whether the channels of a recording take each other away when they are mixed."""
    return mix_loss_db is not None and mix_loss_db > 10.0 * math.log10(item_channels) + SUSPICIOUS_LOSS_DB


def loss_text(mix_loss_db: float) -> str:
    """How much quieter a mix is than its channels."""
    return "silence" if mix_loss_db >= MAX_LOSS_DB else f"{mix_loss_db:.0f} dB quieter than its channels"


def _mix_lines(observed: Sequence[Observed], data: DataConfig) -> Iterator[str]:
    if data.channels != "mix":
        return
    losses = [(item, item.signal.mix_loss_db) for item in observed if item.signal is not None]
    bad = [(item, loss) for item, loss in losses if cancels_itself(item.info.channels, loss)]
    if bad:
        first, loss = bad[0]
        yield (
            f"the channels of {len(bad)} of {len(observed)} recordings cancel each other: the mix of "
            f"{printable(first.recording.path)} is {loss_text(loss)}; "
            "--channels=each or the index of one keeps the sound"
        )
