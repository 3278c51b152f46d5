"""A picture of every operation of all policies at low, middle and high strength, on one clip."""

from pathlib import Path

import numpy as np

from gansynth_isa.classifiers.augmentation.dice import step_seed
from gansynth_isa.classifiers.augmentation.image_pool import IMAGE_POOL
from gansynth_isa.classifiers.augmentation.operations import SPECTROGRAM_OPERATIONS, Operation
from gansynth_isa.drawing import Axes, Figure, colormaps, drawing
from gansynth_isa.errors import InputError

STRENGTHS = (1 / 3, 2 / 3, 1.0)
ROWS = 7
# Least and largest value drawn, in standard deviations.
LIMITS = (-3.5, 3.0)
TILE_INCHES = (1.05, 0.85)
DPI = 100
NUM_COLOURS = 16  # keeps the file small

Tiles = list[tuple[str, list[np.ndarray]]]


def sheet_tiles(clip: np.ndarray, partner: np.ndarray, seed: int) -> dict[str, Tiles]:
    """The images of the sheet by policy: (name, one image for each of `STRENGTHS`), images (frames, mel_bins).

    Places and signs are the same at all strengths.

    Args:
      clip: float32 (frames, mel_bins, channels), standardised; the first channel is drawn.
      partner: the same of another clip, for mixup, at most half of which is mixed in.
      seed: decides places and signs.
    """
    return {
        "spectrogram": [_tiles(operation, clip, seed) for operation in SPECTROGRAM_OPERATIONS],
        "mixup_image_pool": [
            *(_tiles(operation, clip, seed) for operation in IMAGE_POOL),
            ("mixup", [((1 - strength / 2) * clip + strength / 2 * partner)[..., 0] for strength in STRENGTHS]),
        ],
    }


def write_contact_sheet(clip: np.ndarray, partner: np.ndarray, seed: int, path: Path) -> None:
    """Draws `sheet_tiles`, the clip and its partner for mixup.

    Raises:
      InputError: the file cannot be written.
    """
    first = [("the clip, and the partner of mixup", [clip[..., 0], partner[..., 0]])]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tiles = sheet_tiles(clip, partner, seed)
        shown = {"spectrogram": first + tiles["spectrogram"], "mixup_image_pool": tiles["mixup_image_pool"]}
        with drawing():
            _draw(shown).savefig(path, format="png")
    except OSError as error:
        raise InputError(f"picture: cannot write {path} ({error.strerror or error})") from error


def _tiles(operation: Operation, clip: np.ndarray, seed: int) -> tuple[str, list[np.ndarray]]:
    changed = [operation(clip[np.newaxis], step_seed(seed, 0), strength).numpy() for strength in STRENGTHS]
    return operation.__name__.replace("_", " "), [clips[0, :, :, 0] for clips in changed]


def _draw(tiles: dict[str, Tiles]) -> Figure:
    """Blocks of `ROWS` operations side by side, three strengths of each."""
    blocks = [
        (policy, of_policy[start : start + ROWS])
        for policy, of_policy in tiles.items()
        for start in range(0, len(of_policy), ROWS)
    ]
    size = len(blocks) * (3 * TILE_INCHES[0] + 0.25), ROWS * (TILE_INCHES[1] + 0.2) + 0.8
    figure = Figure(figsize=size, dpi=DPI)
    grid = figure.add_gridspec(1, len(blocks), left=0.03, right=0.99, bottom=0.035, top=0.915, wspace=0.06)
    for number, (policy, of_block) in enumerate(blocks):
        inner = grid[number].subgridspec(ROWS, 3, wspace=0.05, hspace=0.28)
        for row, (name, images) in enumerate(of_block):
            for column, image in enumerate(images):
                axis = figure.add_subplot(inner[row, column])
                _draw_tile(axis, image)
                if column == 0:
                    axis.set_title(name, fontsize=8, loc="left", pad=2)
        x = grid[number].get_position(figure).x0
        figure.text(x, 0.945, policy, fontsize=10, weight="bold")
    figure.text(0.03, 0.975, "Each operation at a third, two thirds and all of its largest strength", fontsize=10)
    axes = "time to the right, frequency upwards; "
    colours = (
        f"from {LIMITS[0]:g} (black) to {LIMITS[1]:g} (white) standard deviations; 0 is what fills masks and edges"
    )
    figure.supxlabel(axes + colours, fontsize=8, y=0.005)
    return figure


def _draw_tile(axis: Axes, image: np.ndarray) -> None:
    colours = colormaps["magma"].resampled(NUM_COLOURS)
    axis.imshow(
        image.T, colours, aspect="auto", interpolation="nearest", vmin=LIMITS[0], vmax=LIMITS[1], origin="lower"
    )
    axis.set_xticks([])
    axis.set_yticks([])
