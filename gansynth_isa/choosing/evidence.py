"""What differences on left-out recordings prove: a paired test that knows that the rounds share their clips."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

LEVEL = 0.05


@dataclass(frozen=True)
class Weighed:
    """A candidate on the left-out recordings.

    Attributes:
      name: of the candidate.
      accuracies: of every round and trial, the trials of a round together.
      difference: mean difference to the default choice; 0 for itself.
      p_value: one-sided, where the true difference is not above 0, corrected for the number of candidates; 1 for the
        default.
    """

    name: str
    accuracies: tuple[float, ...]
    difference: float = 0.0
    p_value: float = 1.0

    @property
    def accuracy(self) -> float:
        """Mean over rounds and trials."""
        return float(np.mean(self.accuracies))


def weigh(accuracies: Mapping[str, Sequence[float]], num_rounds: int, decisions: float) -> tuple[Weighed, ...]:
    """Each candidate against the first one.

    Args:
      accuracies: name -> accuracy of every round and trial, the trials of a round together; as many in each round.
      num_rounds: rounds among them, 2 or more.
      decisions: clips or recordings that are decided on in a round, on average.
    """
    default, *others = accuracies
    by_round = {name: np.reshape(values, (num_rounds, -1)).mean(axis=1) for name, values in accuracies.items()}
    differences = {name: by_round[name] - by_round[default] for name in others}
    values = [one_sided_p(differences[name], decisions) for name in others]
    return (
        Weighed(default, tuple(accuracies[default])),
        *(
            Weighed(name, tuple(accuracies[name]), float(differences[name].mean()), p_value)
            for name, p_value in zip(others, holm(values), strict=True)
        ),
    )


def clearly_best(weighed: Sequence[Weighed]) -> Weighed | None:
    """Of those that are better than the default at `LEVEL`, the one with the largest difference; None without any."""
    better = [each for each in weighed if each.p_value < LEVEL]
    return max(better, key=lambda each: each.difference) if better else None


def one_sided_p(differences: np.ndarray, decisions: float) -> float:
    """Probability of such a mean difference, or a larger one, where there is none.

    The corrected resampled t-test (Nadeau and Bengio 2003, Inference for the generalization error): trainings of
    different rounds share most of their clips, so that the variance of the mean is not s^2 / n but s^2 (1 / n + clips
    left out / clips trained on), n being the rounds. Without it the test would find differences that are none.

    Trials of a round share all their clips. They are no evidence of their own, but make the difference of their round
    more exact: their mean is one number, and n and the degrees of freedom n - 1 count rounds.

    Args:
      differences: (rounds,) accuracy minus that of the default, each the mean over the trials of a round. They are of
        a cross-validation, so that 1 / (rounds - 1) is the share of left-out clips over training clips.
      decisions: per round. A round tells its difference to half a decision only, so that the deviation between rounds
        is taken as that at least: a few equal differences prove little. Further trials decide on the same clips, and
        do not lower this bound.
    """
    num_rounds = len(differences)
    if num_rounds < 2 or differences.mean() <= 0.0:
        return 1.0
    deviation = max(float(differences.std(ddof=1)), 0.5 / decisions)
    error = deviation * math.sqrt(1.0 / num_rounds + 1.0 / (num_rounds - 1))
    return float(student.sf(differences.mean() / error, num_rounds - 1))


def holm(p_values: Sequence[float]) -> list[float]:
    """The values corrected for their number (Holm 1979), in the order given."""
    corrected, largest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = largest
    return corrected
