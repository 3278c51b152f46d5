"""A chosen classifier in its folder, as `classifiers.folder` keeps any."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

from gansynth_isa.choosing.choice import Plan, choose, train_chosen
from gansynth_isa.choosing.supply import Supply
from gansynth_isa.classifiers.files import FOLDER_MEANING, RESULT_FILE, read_json
from gansynth_isa.classifiers.folder import Sources, is_finished, write_classifier
from gansynth_isa.classifiers.training import TrainedClassifier
from gansynth_isa.console import Console
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.errors import InputError

# While it takes: a training that was stopped goes on, one of other settings makes way. Nobody else has this name.
GENERATORS = "choice.unfinished"


def is_chosen(folder: Path, plan: Plan, supply: Supply, test: ClipSet) -> bool:
    """Whether the folder holds the classifier of this plan.

    Raises:
      InputError: it holds another one, or a damaged one.
    """
    training = supply.training
    if not is_finished(folder, plan.config, training.data, training.features, _sources(plan, supply, test)):
        return False
    choice = read_json(folder / RESULT_FILE, FOLDER_MEANING).get("choice")
    before = choice.get("default") if isinstance(choice, dict) else None
    if before != (now := plan.candidates[0].name):
        raise InputError(
            f"{folder}: holds another classifier (default of the choice: {before} -> {now}); "
            "choose another --output_dir"
        )
    return True


def train_in_folder(
    folder: Path,
    plan: Plan,
    supply: Supply,
    test: ClipSet,
    console: Console,
    on_step: Callable[[int, float], None] | None = None,
) -> TrainedClassifier:
    """Chooses, trains on all training clips, and writes the classifier.

    Args:
      folder: of the classifier; this process holds its lock.
      plan: see `plan_choice`.
      supply: the same as of the plan.
      test: the test side, on which what was chosen is tested.
      console: where the table and the reason are printed.
      on_step: called with (step from 1, loss) after each step of each training.

    Raises:
      InputError: the folder cannot be written.
    """
    if (folder / GENERATORS).exists():
        console.line(
            f"{folder / GENERATORS}: left by a choice that was stopped; what fits goes on, the rest starts anew"
        )
    choice = choose(plan, supply, folder / GENERATORS, console, on_step)
    trained = train_chosen(choice, plan.config, supply.clips, test, on_step)
    shutil.rmtree(folder / GENERATORS, ignore_errors=True)
    training = supply.training
    write_classifier(folder, trained, training.data, training.features, _sources(plan, supply, test))
    return trained


def _sources(plan: Plan, supply: Supply, test: ClipSet) -> Sources:
    """What the classifier follows from; of synthetic clips what they would be made by, for they are not there yet."""
    return dataclasses.replace(Sources.of(supply.clips, test, None), synthetic=supply.digest(plan.candidates))
