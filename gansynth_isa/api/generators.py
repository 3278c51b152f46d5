"""Clips to a trained generator, and a trained generator to synthetic clips."""

import contextlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gansynth_isa.api.clips import SplitClips
from gansynth_isa.api.starting import Report, ReportingConsole, check_type, start, without_advice
from gansynth_isa.config import GenerationConfig, GridConfig, SeedConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import InputError
from gansynth_isa.generators.base import Surroundings, TrainedGenerator, TrainingData
from gansynth_isa.generators.registry import check_kind_of, kind_named
from gansynth_isa.validation import leaves, to_dict


def train_generator(
    clips: SplitClips,
    kind: str,
    settings: Any = None,
    seed: int = 0,
    folder: Path | str | None = None,
    report: Report | None = None,
) -> TrainedGenerator:
    """Trains a generator on the training side alone.

    Args:
      clips: see `load_clips`.
      kind: name of a kind of generator, such as 'gaussian', or 'gansynth' for the progressive GAN.
      settings: of that kind, such as a `GaussianConfig`; None: its defaults, which are the paper's for 'gansynth'.
      seed: of everything that is drawn.
      folder: where the training is kept, as by `gansynth_isa_train`; the same call again continues there, and a
        finished training is not repeated. None keeps nothing.
      report: is given the lines that the command prints; None: they are not shown.

    Raises:
      InputError: an unknown kind, settings of another kind or that do not fit the clips, or a folder that holds
        another training or cannot be written.
      TrainingDiverged: a value is not finite.
    """
    check_type("clips", clips, SplitClips)
    of_kind = kind_named(kind, "kind")
    settings = of_kind.config_class() if settings is None else settings
    check_type("settings", settings, of_kind.config_class)
    seed = SeedConfig(seed=seed).seed
    inner = leaves(to_dict(settings)).get("seed", SeedConfig.seed)
    if inner not in (SeedConfig.seed, seed):
        raise InputError(f"seed: expected it as an argument of train_generator alone, got {inner} in the settings")
    start()
    from gansynth_isa.generators import generation
    from gansynth_isa.generators.training import fit_generator

    config = of_kind.resolve_for(settings, clips.data, clips.features)
    with contextlib.ExitStack() as stack:
        console = stack.enter_context(contextlib.closing(ReportingConsole(report)))
        place = Path(folder if folder is not None else stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(without_advice())
        surroundings = Surroundings(console, open_log=console.open_log)
        of_kind.check(config, surroundings)
        check_kind_of(place, of_kind.name)
        training = TrainingData(clips.train, clips.data, clips.features)
        fit_generator(of_kind, config, training, seed, place, surroundings)
        return generation.load_generator(place, console.line)


def load_generator(folder: Path | str, report: Report | None = None) -> TrainedGenerator:
    """The generator that `train_generator` or `gansynth_isa_train` trained in a folder; needs no recordings.

    Args:
      folder: of a finished training.
      report: is given a line for everything that is passed over, such as a damaged checkpoint; None: not shown.

    Raises:
      InputError: the folder holds no training, one that is not finished, or a damaged one.
    """
    start()
    from gansynth_isa.generators import generation

    return generation.load_generator(folder, ReportingConsole(report).line)


def generate_clips(
    generator: TrainedGenerator,
    samples_per_class: int,
    classes: Sequence[str] = (),
    seed: int = 0,
    match_moments: str = GenerationConfig.match_moments,
    keep: str = GenerationConfig.keep,
    clips: SplitClips | None = None,
) -> SyntheticClips:
    """Labelled synthetic clips, the same that `gansynth_isa_generate` writes to a folder.

    Args:
      generator: a trained one.
      samples_per_class: clips of each class, from 1 on.
      classes: names of classes; none: all.
      seed: other seeds make other clips.
      match_moments: 'overall' or 'class' maps the clips onto mean and deviation of the training clips; 'none' does not.
      keep: 'agreed' or 'confident' keeps the clips that a judge takes for their class; 'none' keeps all.
      clips: what the generator was trained on, which `keep` needs; the test side is not used.

    Raises:
      InputError: a value out of range, a class that the generator does not know, clips that are not the generator's
        or are missing, training clips too few for an option, or a rule that keeps too few clips.
    """
    check_type("generator", generator, TrainedGenerator)
    if isinstance(classes, str):
        raise InputError(f"classes: expected a list of names, got {classes!r}")
    samples_per_class = GridConfig(samples_per_class=samples_per_class).samples_per_class
    seed = SeedConfig(seed=seed).seed
    options = GenerationConfig(match_moments=match_moments, keep=keep)
    start()
    from gansynth_isa.generators.generation import make_clips
    from gansynth_isa.generators.keeping import make_keeper
    from gansynth_isa.generators.matching import matched

    train = _training_clips(generator, options, clips)
    with without_advice():
        keeper = make_keeper(options.keep, train)
        generator = matched(generator, options.match_moments, train)
        return make_clips(generator, samples_per_class, classes, seed, keeper)


def _training_clips(generator: TrainedGenerator, options: GenerationConfig, clips: SplitClips | None) -> ClipSet | None:
    from gansynth_isa.generators.provenance import check_training_clips

    if clips is None:
        if options.keep != "none":
            raise InputError(f"clips: expected those that the generator was trained on, for keep={options.keep!r}")
        return None
    check_type("clips", clips, SplitClips)
    check_training_clips(generator.provenance, clips.train)
    return clips.train


def read_synthetic(folder: Path | str) -> SyntheticClips:
    """The clips in a folder of `gansynth_isa_generate`.

    Raises:
      InputError: no such folder, an unfinished one, or a damaged one.
    """
    start()
    from gansynth_isa.data.clip_sets import synthetic_folder

    return synthetic_folder.read_synthetic(folder)
