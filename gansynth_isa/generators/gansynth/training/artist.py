"""Pictures and sounds of what a generator makes, beside real clips."""

import numpy as np

from gansynth_isa.files import replace_file
from gansynth_isa.generators.gansynth.latents import NUM_FIXED
from gansynth_isa.generators.gansynth.run_description import RunDescription
from gansynth_isa.generators.gansynth.training.listening import Listening
from gansynth_isa.generators.gansynth.training.samples import (
    blended_samples,
    fixed_samples,
    interpolated_samples,
)
from gansynth_isa.generators.gansynth.training.state import GanState
from gansynth_isa.runs.board import Board
from gansynth_isa.runs.clip_pictures import SamplePictures, encode_png
from gansynth_isa.runs.run_folder import RunFolder
from gansynth_isa.runs.training_loop import Listener


class Gallery:
    """Where the pictures and sounds of a run go.

    Args:
      folder: of the run.
      board: of the run.
      listening: makes sounds, or None where none can be made.
    """

    def __init__(self, folder: RunFolder, board: Board, listening: Listening | None):
        self._folder, self._board, self._listening = folder, board, listening

    def show(self, stage_name: str, image: int, pictures: dict[str, np.ndarray]) -> None:
        """Shows pictures {tag: uint8 (height, width, 3)}; `fake_images` becomes a file too."""
        png = encode_png(pictures["fake_images"])
        replace_file(self._folder.samples_path(stage_name, image), lambda file: file.write(png))
        self._board.images(image, pictures)

    def is_shown(self, stage_name: str, image: int) -> bool:
        """Whether pictures of this image are there."""
        return self._folder.samples_path(stage_name, image).exists()

    def play(self, image: int, clips: np.ndarray) -> None:
        """Makes one generated clip of each class audible: (classes, frames, mel_bins, channels), normalised."""
        if self._listening:
            self._board.audio(image, self._listening.generated(clips), self._listening.sample_rate)


class Artist(Listener):
    """Draws the samples of a stage when a checkpoint is due; when the stage has ended they are audible too.

    Args:
      gallery: where they go.
      description: of the run.
      state: what is trained.
      real: (classes, columns, frames, mel_bins, channels), real clips at the stage's resolution.
    """

    def __init__(self, gallery: Gallery, description: RunDescription, state: GanState, real: np.ndarray):
        self._gallery, self._state, self._real = gallery, state, real
        config = description.config
        self._pictures = SamplePictures(config.features, config.data.sample_rate, description.class_names)

    def resumed(self, image: int) -> None:
        if not self._gallery.is_shown(self._state.stage.name, image):  # a signal came before they were drawn
            self.at_checkpoint(image, ended=False)

    def at_checkpoint(self, image: int, ended: bool) -> None:
        samples = fixed_samples(self._state.step.average, self._state.progress())
        self._gallery.show(self._state.stage.name, image, self._draw(samples, image))
        if ended:
            self._gallery.play(image, samples[:, 0])

    def _draw(self, samples: np.ndarray, image: int) -> dict[str, np.ndarray]:
        """Tag -> pixels; `samples` are those of the fixed latents."""
        stage, average, progress = self._state.stage, self._state.step.average, self._state.progress()
        title = f"stage {stage.index}, image {image:,}, progress {float(progress):.2f}"
        beside = np.concatenate([samples, self._real], axis=1)
        pictures = {"fake_images": self._pictures.draw(beside, {0: "generated", NUM_FIXED: "real"}, title)}
        pictures["interp_images"] = self._pictures.draw(interpolated_samples(average, progress), {}, title)
        if stage.growing:
            blend = blended_samples(average, self._real, float(progress))
            groups = {0: "generated: before, now, after", 3: "real: before, now, after"}
            pictures["real_images_blend"] = self._pictures.draw(blend, groups, title)
        return pictures
