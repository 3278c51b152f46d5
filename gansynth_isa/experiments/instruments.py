"""The instruments of an experiment's generators, as rows keep them."""

from gansynth_isa.config import ClassifierConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.evaluation.held_out import unseen_clips
from gansynth_isa.evaluation.instruments.measuring import measure_instruments
from gansynth_isa.experiments.folds import Fold


def instrument_row(
    fold: Fold, seen: ClipSet, synthetic: SyntheticClips, classifier: ClassifierConfig, trials: int
) -> dict:
    """What `gans.jsonl` says of a generator.

    It is measured when the generator is finished, and nothing reads it but reports.

    Args:
      fold: its training and test side.
      seen: the training clips that it saw.
      synthetic: what it generated.
      classifier: of usefulness.
      trials: see `measure_instruments`.

    Returns:
      'train', measured by the training side alone, without classifiers, and 'test', whose held-out clips are those of
      the test side.
    """
    unseen = unseen_clips(seen, fold.train)
    of_train = measure_instruments(seen, unseen, synthetic, classifier, trials=0, real=fold.train)
    of_test = measure_instruments(seen, fold.test, synthetic, classifier, trials, real=fold.train)
    return {"train": of_train.to_dict(), "test": of_test.to_dict()}
