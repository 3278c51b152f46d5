"""Chooses the method of a classifier by its training clips, and trains by it."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gansynth_isa.choosing.candidates import Candidate, candidates_of, num_networks, real_counterpart
from gansynth_isa.choosing.comparison import Comparison, compare
from gansynth_isa.choosing.effort import Effort, affordable, least_minutes
from gansynth_isa.choosing.evidence import LEVEL, clearly_best
from gansynth_isa.choosing.rounds import obstacle, rounds_of
from gansynth_isa.choosing.sound import default_by_sound
from gansynth_isa.choosing.supply import Supply, synthetic_clips
from gansynth_isa.classifiers.budget import num_steps, with_equal_steps
from gansynth_isa.classifiers.discriminant import learn_lda
from gansynth_isa.classifiers.training import TrainedClassifier, train_classifier
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.classifier import BY_SOUND
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.methods import LDA, method_named
from gansynth_isa.tables import text_table
from gansynth_isa.validation import known, to_dict

OnStep = Callable[[int, float], None]


@dataclass(frozen=True)
class Plan:
    """What a choice will compare, known before anything is trained.

    Attributes:
      config: settings of the classifier, its steps filled in.
      candidates: the default first.
      rounds: masks of left-out clips; none where the default is taken as it is.
      effort: trials and steps; None likewise.
      obstacle: why the default is taken as it is, None where candidates are compared.
      sound: what the clips are of, where the default follows from that; else None.
    """

    config: ClassifierConfig
    candidates: tuple[Candidate, ...]
    rounds: tuple[np.ndarray, ...]
    effort: Effort | None
    obstacle: str | None
    sound: str | None = None

    def text(self) -> str:
        """One line to read."""
        names = ", ".join(candidate.name for candidate in self.candidates[1:])
        default = self.candidates[0].name + (f" ({self.sound})" if self.sound else "")
        if self.obstacle is not None:
            return f"auto: takes {default} without a comparison: {self.obstacle}"
        effort = known(self.effort)
        trials = "1 trial" if effort.trials == 1 else f"{effort.trials} trials"
        return (
            f"auto: {default} against {names}; {len(self.rounds)} rounds of left-out recordings x {trials} of "
            f"{effort.steps:,} steps, about {effort.minutes:.1f} min on two cores"
        )

    @property
    def total_steps(self) -> int:
        """Optimizer steps of all comparisons, and of the training on all clips."""
        compared = 0 if self.effort is None else len(self.rounds) * self.effort.trials * self.effort.steps
        return num_networks(self.candidates) * compared + known(self.config.classifier_steps)


@dataclass(frozen=True)
class Choice:
    """What was taken and why.

    Attributes:
      candidate: what classifiers are trained by.
      synthetic: clips of a generator of all training clips, None where the candidate uses none.
      record: choice and evidence, ready for JSON.
    """

    candidate: Candidate
    synthetic: SyntheticClips | None
    record: dict


def plan_choice(config: ClassifierConfig, supply: Supply) -> Plan:
    """What a choice will compare.

    Args:
      config: `auto_candidates`, `auto_minutes`, and what all candidates have in common.
      supply: training clips, and settings of the generators of all candidates.

    Raises:
      InputError: candidates that do not exist, or that do not go with other settings.
    """
    clips, sound = supply.clips, None
    name: str | None = None
    if config.auto_default == BY_SOUND:
        name, sound = default_by_sound(supply.training)
    candidates = candidates_of(config, name)
    supply.check(candidates)
    config = with_equal_steps(config, len(clips), supply.num_synthetic)
    reason = "nothing else is a candidate" if len(candidates) == 1 else obstacle(clips)
    if reason is not None:
        return Plan(config, candidates, (), None, reason, sound)
    rounds, shape = rounds_of(clips), clips.spectrograms.shape[1:]
    steps, num_pairs = num_steps(config, len(clips)), num_networks(candidates) * len(rounds)
    effort = affordable(config, shape, len(clips.class_names), steps, num_pairs)
    if effort is None:
        least = least_minutes(config, shape, len(clips.class_names), num_pairs)
        reason = (
            f"by estimate it takes {least:g} minutes on two cores, and --auto_minutes is {config.auto_minutes:g}; "
            f"--auto_minutes={least:g} compares"
        )
        return Plan(config, candidates, (), None, reason, sound)
    return Plan(config, candidates, rounds, effort, None, sound)


def choose(plan: Plan, supply: Supply, folder: Path, console: Console, on_step: OnStep | None = None) -> Choice:
    """Compares the candidates on left-out recordings, prints what it found, and prepares what was chosen.

    What the text of the plan says already, that the default is taken without a comparison, is not said again.

    The default is overruled by a candidate that is better at the level `evidence.LEVEL` in a one-sided paired test,
    corrected for the number of candidates. All follows from the settings and the training clips, not from the clock.

    Args:
      plan: see `plan_choice`.
      supply: the same as of the plan.
      folder: where generators are kept while it takes.
      console: where each score, the table and the reason are printed.
      on_step: called with (step from 1, loss) after each step of each comparison.

    Raises:
      InputError: see `GeneratorKind.fit`; clips that a kind cannot learn from are no error, its candidates are dropped.
    """
    try:
        candidate, reason, found = _decide(plan, supply, folder, console, on_step)
        if method_named(candidate.method).learner == LDA:
            learn_lda(candidate.settings(plan.config), supply.clips)  # at once: it may not be able to
        synthetic = _clips_of(candidate, supply, folder, console)
    except UnfitClips as error:
        candidate, found, synthetic = real_counterpart(plan.candidates[0]), None, None
        reason = f"{plan.candidates[0].name} cannot be had: {error}"
    if reason != plan.obstacle:  # of which the plan's text has told
        console.line(f"auto: takes {candidate.name}: {reason}")
    return Choice(candidate, synthetic, _record(plan, candidate, reason, found))


def chosen_before(record: Mapping[str, Any], plan: Plan, supply: Supply, folder: Path, console: Console) -> Choice:
    """A choice that was made before, without its comparisons; its synthetic clips are made again, and are the same.

    Args:
      record: of the choice, see `Choice`; `chosen` must be there.
      plan, supply, folder, console: see `choose`.

    Raises:
      InputError: what was chosen is no candidate of the plan; see also `GeneratorKind.fit`.
    """
    candidates = {each.name: each for each in (*plan.candidates, real_counterpart(plan.candidates[0]))}
    if record["chosen"] not in candidates:
        raise InputError(f"choice: expected one of {', '.join(candidates)}, got {record['chosen']!r}")
    candidate = candidates[record["chosen"]]
    return Choice(candidate, _clips_of(candidate, supply, folder, console), dict(record))


def _decide(
    plan: Plan, supply: Supply, folder: Path, console: Console, on_step: OnStep | None
) -> tuple[Candidate, str, Comparison | None]:
    """(what is taken, why, what was found)."""
    default = plan.candidates[0]
    if plan.obstacle is not None:
        return default, plan.obstacle, None
    effort = known(plan.effort)
    found = compare(plan.config, plan.candidates, plan.rounds, effort, supply, folder, on_step, console.line)
    for line in _lines(found):
        console.line(line)
    best = clearly_best(found.weighed)
    if best is None:
        return default, "no candidate is clearly better on left-out recordings", found
    candidate = next(each for each in plan.candidates if each.name == best.name)
    return candidate, f"{best.difference:+.3f} on left-out recordings, p = {best.p_value:.2g} < {LEVEL:g}", found


def _clips_of(candidate: Candidate, supply: Supply, folder: Path, console: Console) -> SyntheticClips | None:
    if candidate.kind is None:
        return None
    return synthetic_clips(supply, candidate.kind, supply.clips, folder / "all" / candidate.kind, console)


def train_chosen(
    choice: Choice, config: ClassifierConfig, train: ClipSet, test: ClipSet, on_step: OnStep | None = None
) -> TrainedClassifier:
    """Trains on all training clips by what was chosen, and tests.

    Args:
      choice: see `choose`.
      config: settings with the method `auto` and the steps filled in; another `trial_seed` makes another trial.
      train, test: both sides; the test side had no part in the choice.
      on_step: called with (step from 1, loss) after each step.

    Returns:
      The result has `choice`, and `configuration` as it was asked for.
    """
    trained = train_classifier(choice.candidate.settings(config), train, test, choice.synthetic, on_step)
    result = {**trained.result, "configuration": to_dict(config), "choice": choice.record}
    return TrainedClassifier(trained.classifier, result, trained.seen)


def _lines(found: Comparison) -> list[str]:
    rows: list[tuple] = [("candidate", "left-out accuracy", "difference", "p, corrected")]
    for index, each in enumerate(found.weighed):
        evidence = ("", "") if index == 0 else (f"{each.difference:+.3f}", f"{each.p_value:.3f}")
        rows.append((each.name, f"{each.accuracy:.3f}", *evidence))
    dropped = [f"{name} is no candidate for these clips: {why}" for name, why in found.dropped.items()]
    return [text_table(rows), *dropped]


def _record(plan: Plan, candidate: Candidate, reason: str, found: Comparison | None) -> dict:
    record = {"chosen": candidate.name, "default": plan.candidates[0].name, "reason": reason}
    if plan.sound is not None:
        record["sound"] = plan.sound
    if found is None:
        return record
    weighed = [{**dataclasses.asdict(each), "accuracy": each.accuracy} for each in found.weighed]
    return {
        **record,
        "rounds": len(plan.rounds),
        **dataclasses.asdict(known(plan.effort)),
        "level": LEVEL,
        "decisions_per_round": float(np.round(found.decisions, 3)),
        "candidates": weighed,
        "dropped": dict(found.dropped),
    }
