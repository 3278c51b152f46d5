"""Reports of a training: rows of metrics.jsonl, curves, lines, and what stands beside the progress bar."""

from gansynth_isa.console import Progress
from gansynth_isa.generators.adversarial.state import WganState
from gansynth_isa.generators.base import Surroundings
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.pace import Pace
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.training_loop import Listener


class Reporter(Listener):
    """Makes the reports of a stage.

    Args:
      folder: of the run.
      board: of the run.
      surroundings: where lines go, and which of them.
      state: what is trained.
      pace: of the training.
      bar: the stage's progress bar.
    """

    def __init__(
        self, folder: RunFolder, board: Board, surroundings: Surroundings, state: WganState, pace: Pace, bar: Progress
    ):
        self._folder, self._board, self._surroundings = folder, board, surroundings
        self._state, self._pace, self._bar = state, pace, bar

    def advanced(self, before: int, image: int, losses: dict[str, float]) -> None:
        parts = ["starting"]
        if self._pace.is_known:
            left_s = (self._state.stage.end_image - image) / self._pace.images_per_s
            parts = [f"left {_minutes(left_s)}", f"{self._pace.images_per_s:.3g}/s"]
        self._bar.show_parts([*parts, f"distance {-losses['critic_wasserstein']:.3g}"])
        self._bar.update(image - before)

    def at_report(self, image: int, ended: bool) -> None:
        losses, images_per_s = self._state.mean_losses(), self._pace.since_report(image)
        self._state.clear_losses()
        row = {"stage": self._state.stage.index, "image": image, **losses, "images_per_s": images_per_s}
        self._folder.append_metrics(row)
        self._board.scalars(image, _tags(row))
        console = self._surroundings.console
        is_shown = ended or (self._surroundings.show_reports and not self._bar.is_shown)
        (console.line if is_shown else console.log)(_line(row, self._state.stage.end_image))
        self._pace.reported(image)


def _line(row: dict, end_image: int) -> str:
    left_s = (end_image - row["image"]) / row["images_per_s"]
    return (
        f"stage {row['stage']} image {row['image']:>9,} | critic {row['critic_loss']:9.3f} "
        f"distance {-row['critic_wasserstein']:8.3f} gp {row['gradient_penalty']:.3f} | generator "
        f"{row['generator_loss']:8.3f} | {row['images_per_s']:6.1f} images/s, left {_minutes(left_s)}"
    )


def _tags(row: dict) -> dict[str, float]:
    """TensorBoard's names of a row's values."""
    tags = {name: f"losses/{name}" for name in ("critic_loss", "critic_wasserstein", "gradient_penalty")}
    tags |= {"generator_loss": "losses/generator_loss", "real_score": "scores/real", "fake_score": "scores/fake"}
    tags |= {f"{network}_gradient_norm": f"gradient_norms/{network}" for network in ("critic", "generator")}
    return {tag: row[name] for name, tag in {**tags, "images_per_s": "images_per_s"}.items()}


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
