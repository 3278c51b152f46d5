"""Which synthetic clips are kept: those that a judge, trained on real clips, takes for their class.

What is asked of a clip comes from real clips that the judge had not seen. A clip that was made from training clips is
judged by a model that has seen none of their recordings; where there is none, it is not kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import UnfitClips, printable
from gansynth_isa.generators.base import BATCH_SIZE, TrainedGenerator
from gansynth_isa.generators.judging import Judge

DRAWS_PER_KEPT = 10  # at most, in each class
CONFIDENT_SHARE = 0.75  # of real clips that were left out, which `confident` would keep


class Keeper:
    """A rule with its judge.

    Args:
      rule: 'agreed': the wanted class is the likeliest; 'confident': its probability is at least what three quarters
        of the class's real clips reach that were left out.
      clips: the training clips of the generator.

    Attributes:
      rule: see above.
      thresholds: (classes,) smallest probability of the wanted class, for 'confident'; zeros for 'agreed'.
      real_rates: (classes,) shares of the real clips, left out in turn, that the rule would keep.

    Raises:
      UnfitClips: a class with one recording, which cannot be left out.
    """

    def __init__(self, rule: str, clips: ClipSet):
        self.rule, self._judge = rule, Judge(clips)
        num_classes = len(clips.class_names)
        order = np.argsort(np.array(clips.clip_ids, object), kind="stable")  # as parents are numbered
        self._recordings = [clips.recordings[index] for index in order]
        self.thresholds = np.zeros(num_classes)
        if rule == "confident":
            self.thresholds = np.array([self._threshold(label) for label in range(num_classes)])
        kept = self._pass(self._judge.left_out, clips.labels)
        self.real_rates = np.array([kept[clips.labels == label].mean() for label in range(num_classes)])

    def are_kept(self, clips: np.ndarray, labels: np.ndarray, parents: np.ndarray | None) -> np.ndarray:
        """bool (n,): which clips are kept.

        Args:
          clips: (n, frames, mel_bins, channels).
          labels: (n,) wanted classes.
          parents: see `TrainedGenerator.parent_clips`.
        """
        unseen = None
        if parents is not None:
            unseen = [frozenset(self._recordings[index] for index in row) for row in parents]
        return self._pass(self._judge.probabilities(clips, unseen), labels)

    def _pass(self, probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
        wanted = probabilities[np.arange(len(labels)), labels]
        if self.rule == "agreed":
            others = np.array(probabilities)
            others[np.arange(len(labels)), labels] = -1.0
            return (wanted > 0) & (wanted >= others.max(axis=1))
        return (wanted > 0) & (wanted >= self.thresholds[labels])

    def _threshold(self, label: int) -> float:
        """Some clip's probability, that no share between two of few clips is taken for one."""
        own = self._judge.left_out[self._judge.labels == label, label]
        return float(np.quantile(own, 1 - CONFIDENT_SHARE, method="lower"))


def make_keeper(rule: str, clips: ClipSet | None) -> Keeper | None:
    """The keeper that `--keep` asks for; None for 'none', which needs no clips.

    Raises:
      UnfitClips: see `Keeper`.
    """
    if rule == "none":
        return None
    assert clips is not None, "expected the training clips for a rule"
    return Keeper(rule, clips)


@dataclass
class Selection:
    """Clips of a generator that are kept: of each class the first ones by their numbers.

    Attributes:
      keeper: says which.
      trained: the generator.
      num_drawn: (classes,) clips that were judged so far.
      num_kept: (classes,) clips that were kept so far.
    """

    keeper: Keeper
    trained: TrainedGenerator
    num_drawn: np.ndarray
    num_kept: np.ndarray

    @classmethod
    def of(cls, keeper: Keeper, trained: TrainedGenerator) -> "Selection":
        """A selection of which nothing is drawn yet."""
        num_classes = len(trained.class_names)
        return cls(keeper, trained, np.zeros(num_classes, int), np.zeros(num_classes, int))

    def batches(
        self, indices: list[int], samples_per_class: int, seed: int
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """(clips, labels, numbers) of the clips that are kept, at most a batch at a time.

        Candidates are numbered as clips are without a rule, classes alternating, so that those which are kept do not
        depend on how many are asked for.

        Args:
          indices: classes.
          samples_per_class: clips to keep of each.
          seed: of the clips.

        Raises:
          UnfitClips: of DRAWS_PER_KEPT times as many clips of a class too few were kept.
        """
        num_candidates = DRAWS_PER_KEPT * samples_per_class * len(indices)
        for first in range(0, num_candidates, BATCH_SIZE):
            if self._has_enough(indices, samples_per_class):
                return
            numbers = np.arange(first, min(first + BATCH_SIZE, num_candidates))
            labels = np.array(indices, np.int32)[numbers % len(indices)]
            clips, labels, numbers = self._kept_of(labels, seed, first, samples_per_class)
            if len(labels):
                yield clips, labels, numbers
        self._refuse_too_few(indices, samples_per_class)

    def metadata(self) -> dict:
        """The rule, and of each class that was asked for how many clips it kept of how many, ready for JSON."""
        return {
            "keep": self.keeper.rule,
            "kept": {self.trained.class_names[label]: self._counts(label) for label in np.flatnonzero(self.num_drawn)},
        }

    def _counts(self, label: int) -> dict:
        return {
            "kept": int(self.num_kept[label]),
            "drawn": int(self.num_drawn[label]),
            "threshold": float(self.keeper.thresholds[label]),
            "real_rate": float(self.keeper.real_rates[label]),
        }

    def _has_enough(self, indices: list[int], samples_per_class: int) -> bool:
        return bool((self.num_kept[indices] >= samples_per_class).all())

    def _kept_of(
        self, labels: np.ndarray, seed: int, first: int, samples_per_class: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        clips = self.trained.clips(labels, seed, first)
        parents = self.trained.parent_clips(labels, seed, first)
        wanted = np.flatnonzero(self.num_kept[labels] < samples_per_class)
        are_kept = self.keeper.are_kept(clips[wanted], labels[wanted], None if parents is None else parents[wanted])
        chosen = []
        for index, label, is_kept in zip(wanted, labels[wanted], are_kept, strict=True):
            if self.num_kept[label] < samples_per_class:
                self.num_drawn[label] += 1
                self.num_kept[label] += is_kept
                if is_kept:
                    chosen.append(index)
        return clips[chosen], labels[chosen], first + np.array(chosen, int)

    def _refuse_too_few(self, indices: list[int], samples_per_class: int) -> None:
        for label in indices:
            kept, drawn = self.num_kept[label], self.num_drawn[label]
            if kept < samples_per_class:
                raise UnfitClips(
                    f"keep: expected {samples_per_class} clips of class {printable(self.trained.class_names[label])!r} "
                    f"that are {self.keeper.rule} among {drawn:,}, {DRAWS_PER_KEPT} for each, got {kept} "
                    f"({kept / drawn:.1%}); of the class's real clips {self.keeper.real_rates[label]:.0%} would be kept"
                )
