"""A grid of small figures, and the colours of real and synthetic."""

from gansynth_isa.drawing import Axes, Figure

REAL_COLOUR, SYNTHETIC_COLOUR = "#000000", "#D55E00"
DOTS_PER_INCH = 100
PANEL_INCHES = (2.9, 1.9)


def panels(num_rows: int, num_columns: int, title: str) -> tuple[Figure, list[list[Axes]]]:
    """A figure and its axes by row and column; to be called while drawing, see `drawing`."""
    width, height = num_columns * PANEL_INCHES[0] + 0.4, num_rows * PANEL_INCHES[1] + 0.5
    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
    figure.suptitle(title, fontsize=10)
    axes = figure.subplots(num_rows, num_columns, squeeze=False)
    for axis in axes.flat:
        axis.tick_params(labelsize=7)
    return figure, axes.tolist()
