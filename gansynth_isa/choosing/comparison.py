"""Candidates trained and scored side by side on left-out recordings."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gansynth_isa.choosing.candidates import Candidate
from gansynth_isa.choosing.effort import Effort
from gansynth_isa.choosing.evidence import Weighed, weigh
from gansynth_isa.choosing.supply import Supply, synthetic_clips
from gansynth_isa.classifiers.training import train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import UnfitClips
from gansynth_isa.methods import method_named


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Attributes:
      weighed: the default first, then the others that could be trained.
      decisions: on average per round.
      dropped: name of a candidate that cannot learn from such clips -> why.
    """

    weighed: tuple[Weighed, ...]
    decisions: float
    dropped: dict[str, str] = field(default_factory=dict)


def compare(
    config: ClassifierConfig,
    candidates: tuple[Candidate, ...],
    rounds: tuple[np.ndarray, ...],
    effort: Effort,
    supply: Supply,
    folder: Path,
    on_step: Callable[[int, float], None] | None = None,
    report: Callable[[str], None] | None = None,
) -> Comparison:
    """Trains every candidate on the clips of each round, generator included, and scores it on those left out.

    All candidates get the same clips, seeds and number of steps. One generator of a kind is trained per round.

    Args:
      config: what all candidates have in common; trial t has the seed `trial_seed` + t.
      candidates: the default first.
      rounds: see `rounds_of`.
      effort: trials and steps.
      supply: how generators are trained.
      folder: where they are kept.
      on_step: called with (step from 1, loss) after each step of each training.
      report: gets a line after each candidate of each round.
    """
    config = dataclasses.replace(config, classifier_steps=effort.steps)
    accuracies: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    dropped: dict[str, str] = {}
    num_decisions = []
    for number, is_left_out in enumerate(rounds):
        clips = _RoundClips(supply, is_left_out, folder / f"round-{number}")
        for candidate in candidates:
            try:
                synthetic = None if candidate.kind is None else clips.of_kind(candidate.kind)
                settings = candidate.settings(config)
                found = _trials(settings, clips, synthetic, effort.trials, on_step)
            except UnfitClips as error:
                if candidate is candidates[0]:
                    raise
                dropped.setdefault(candidate.name, str(error))
                continue
            accuracies[candidate.name] += found
            if report is not None:
                score = f"{np.mean(found):.3f} on {len(clips.left_out)} left-out clips"
                report(f"auto: round {number + 1} of {len(rounds)}, {candidate.name}: {score}")
        num_decisions.append(clips.num_decisions(config))
    decisions = float(np.mean(num_decisions))
    kept = {name: values for name, values in accuracies.items() if name not in dropped}
    return Comparison(weigh(kept, len(rounds), decisions), decisions, dropped)


class _RoundClips:
    """The clips of one round: to train on, left out, and of generators, each of which is trained when first asked for.

    Args:
      supply: all training clips, and how generators are trained.
      is_left_out: bool (clips,).
      folder: where the generators are kept.
    """

    def __init__(self, supply: Supply, is_left_out: np.ndarray, folder: Path):
        self._supply, self._folder = supply, folder
        self._made: dict[str, SyntheticClips] = {}
        self.train = supply.clips.select(np.flatnonzero(~is_left_out))
        self.left_out = supply.clips.select(np.flatnonzero(is_left_out))

    def of_kind(self, kind: str) -> SyntheticClips:
        if kind not in self._made:
            self._made[kind] = synthetic_clips(self._supply, kind, self.train, self._folder / kind, _Silent())
        return self._made[kind]

    def num_decisions(self, config: ClassifierConfig) -> int:
        return len(self.left_out) if config.decide_per == "clip" else len(set(self.left_out.recordings))


class _Silent(Console):
    """What generators of rounds say is of no use to a reader: there are many, and they are thrown away."""

    def line(self, text: str = "") -> None:
        return


def _trials(
    config: ClassifierConfig,
    clips: _RoundClips,
    synthetic: SyntheticClips | None,
    trials: int,
    on_step: Callable[[int, float], None] | None,
) -> list[float]:
    """Accuracy on the left-out clips of classifiers that differ in their seeds alone; one where seeds decide nothing.

    With balanced classes it is the mean of recalls: else the plentiful class of a set with a scarce one would decide.
    """
    measure = "mean_recall" if config.class_balance == "balanced" else "accuracy"
    found = []
    for trial in range(1 if method_named(config.method).is_deterministic else trials):
        seeded = dataclasses.replace(config, trial_seed=config.trial_seed + trial)
        result = train_classifier(seeded, clips.train, clips.left_out, synthetic, on_step).result
        found.append(result[measure])
    return found
