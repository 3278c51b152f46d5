"""Rows of the benchmark: their table and their JSON form."""

import dataclasses
from dataclasses import dataclass, field

from gansynth_isa.tables import text_line


@dataclass(frozen=True)
class Row:
    """One case.

    Attributes:
      name: 'train_metal_balls', 'train_two_cores', 'train_autoencoder', 'train_denoising', 'train_wavegan',
        'train_specgan', 'generate' or 'features'.
      blocks: number of blocks of the networks; None where they have none.
      growing: whether the last block is fading in.
      precision: 'float32' or 'bfloat16', of the convolutions.
      images_per_s: images trained on, images generated, or clips turned into features, per second.
      gflops: useful GFLOP/s, counted from the layer shapes; None for features.
      share_of_ceiling: `gflops` as a share of the float32 ceiling read around the same stretch of time.
      peak_rss_mib: peak resident memory of the process, in MiB.
      details: further numbers by name.
    """

    name: str
    blocks: int | None
    growing: bool
    precision: str
    images_per_s: float
    gflops: float | None
    share_of_ceiling: float | None
    peak_rss_mib: float
    details: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict:
        """All numbers on one level, ready for JSON."""
        values = dataclasses.asdict(self)
        return values | values.pop("details")


_WIDTHS = {"case": -18, "blocks": 6, "growing": 7, "precision": 9, "images/s": 9, "GFLOP/s": 8, "ceiling": 7, "MiB": 6}


def table_head() -> str:
    """The line above the rows."""
    return text_line(_WIDTHS, _WIDTHS.values(), gap=" ")


def table_line(row: Row) -> str:
    """One row of the table."""
    values = (
        row.name,
        _text(row.blocks, "d"),
        "yes" if row.growing else "no",
        row.precision,
        f"{row.images_per_s:.3g}",
        _text(row.gflops, ".0f"),
        _text(row.share_of_ceiling, ".0%"),
        f"{row.peak_rss_mib:.0f}",
    )
    details = "".join(f"  {name} {value:.3g}" for name, value in row.details.items())
    return text_line(values, _WIDTHS.values(), gap=" ") + details


def _text(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
