"""How a report reads: one line for the log, and a shorter one beside the progress bar."""

from gansynth_isa.runs.pace import clock


def report_line(row: dict, grows: bool = True, names_classes: bool = True) -> str:
    """One line with everything that a person watches.

    Args:
      row: a line of metrics.jsonl.
      grows: there is more than one stage, so that progress moves.
      names_classes: the discriminator tells classes; with a projection they are a part of its score.
    """
    progress = f" progress {row['progress']:.2f}" if grows else ""
    fake, real, right = "", "", ""
    if names_classes:
        fake, real = f" class {row['fake_class_loss']:.3f}", f" class {row['real_class_loss']:.3f}"
        right = f" | right {row['real_class_accuracy']:.0%} real {row['fake_class_accuracy']:.0%} fake"
    return (
        f"stage {row['stage']} image {row['image']:>9,}{progress}"
        f" | G {row['generator_loss']:8.3f} = w {row['generator_wasserstein']:7.3f}{fake}"
        f" | D {row['discriminator_loss']:8.3f} = w {row['discriminator_wasserstein']:7.3f}"
        f" gp {row['gradient_penalty']:.3f} drift {row['real_score_penalty']:.2f}{real}{right}"
        f" | {row['images_per_s']:6.1f} images/s, left {clock(row['stage_left_s'])} / {clock(row['run_left_s'])}"
    )


def bar_parts(row: dict, names_classes: bool = True) -> list[str]:
    """What stands beside the progress bar; what a narrow terminal leaves out comes last.

    Without a rate, as after the first step, which makes the graph, there is no time left to tell.

    Args:
      row: losses, and rate and times left where they are known.
      names_classes: see `report_line`.
    """
    parts = ["starting"]
    if "run_left_s" in row:
        parts = [f"left {clock(row['stage_left_s'])} run {clock(row['run_left_s'])}", f"{row['images_per_s']:.3g}/s"]
    return parts + [
        f"G {row['generator_loss']:.3g} D {row['discriminator_loss']:.3g}",
        *([f"right {row['real_class_accuracy']:.0%}/{row['fake_class_accuracy']:.0%}"] if names_classes else []),
        f"gp {row['gradient_penalty']:.2g}",
    ]
