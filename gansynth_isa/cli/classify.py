"""Trains a classifier by one of several methods and tests it.

Needs --data_dir and --output_dir, and --synthetic_dir for the methods gan and gan_augmented. Writes
result.json and model.keras. Clips of a generator that has seen a test recording are refused.
--method=auto compares --auto_candidates on training recordings that are left out in turn, trains generators itself,
and takes its default unless another is clearly better.
--learner=fixmatch, mean_teacher, pseudo_labels or guessed learns from unlabelled clips too: the rest of the training
side (--unlabelled=pool) or the recordings in --unlabelled_dir. Those of a test recording are refused.
--classifier_init_from starts a network from the weights of another classifier.
Without --classifier_steps every method gets the steps of the longest one. These follow from the clips in
--synthetic_dir, which may be given with any method, or else from --samples_per_class.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gansynth_isa.classifiers.embedding.settings import with_model
from gansynth_isa.cli.chosen import classify_by_choice
from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.flag_parsing import given_directly
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import (
    check_learner,
    check_synthetic_dir,
    embedding,
    load_sides,
    refuse_unused,
    require_test_side,
    resolved_features,
    tell_source,
)
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.cli.unlabelled import load_others
from gansynth_isa.config import ClassifierConfig, DataConfig, FeatureConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.config.unlabelled import SUPERVISED
from gansynth_isa.console import Console
from gansynth_isa.errors import InputError, printable
from gansynth_isa.methods import LDA, method_named
from gansynth_isa.validation import known

MOSTLY_MISSED = 0.5  # a recall below it

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.clip_set import ClipSet
    from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
    from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips


def main(argv: Sequence[str]) -> int:
    """Parses the command line, trains and tests."""
    options = parse_options(argv, __doc__, shown=flags_of("classify"))
    refuse_unused(options.classifier, (options.classifier.method,), given_directly(argv))
    check_learner(options, (options.classifier.method,), given_directly(argv))
    if "guessed_clips" in given_directly(argv):
        raise InputError("guessed_clips: expected nothing for gansynth_isa_classify, which trains no such generator")
    with quiet_session() as session:
        return classify(options, session)


def classify(options: Options, session: Session) -> int:
    """Trains one classifier, prints its accuracy and writes it."""
    output_dir = options.required_dir("output_dir", "the folder to write the classifier to")
    method = method_named(options.classifier.method)
    if not method.chooses and (method.synthetic or options.command.synthetic_dir):
        check_synthetic_dir(options.required_dir("synthetic_dir", f"synthetic clips for --method={method.name}"))
    data, features = resolved_features(options)
    train_one = classify_by_choice if method.chooses else _classify_by_method
    _show(train_one(options, data, features, output_dir, session), output_dir, session.console)
    return 0


def _classify_by_method(
    options: Options, data: DataConfig, features: FeatureConfig, output_dir: Path, session: Session
) -> dict | None:
    """The result of the method that was asked for; None where nothing was left to do."""
    console, config = session.console, with_model(options.classifier)
    train, test, synthetic, unlabelled = _sources(options, config, data, features, console)
    from gansynth_isa.classifiers.budget import num_steps, with_equal_steps
    from gansynth_isa.classifiers.folder import Sources, is_finished, write_classifier
    from gansynth_isa.classifiers.starting import with_starting_weights

    num_synthetic = _num_synthetic(options, len(train.class_names))
    config = with_equal_steps(with_starting_weights(config), len(train), num_synthetic)
    steps = num_steps(config, len(train) + (0 if synthetic is None else len(synthetic)))
    console.line(_plan(config, steps))
    if options.command.dry_run:
        return None
    sources = Sources.of(train, test, synthetic, unlabelled)
    if is_finished(output_dir, config, data, features, sources):
        console.line(f"{output_dir}: finished, nothing to do")
        return None
    from gansynth_isa.classifiers.training import train_classifier
    from gansynth_isa.runs.folder_lock import locked

    with locked(output_dir):
        session.open_log(output_dir / "log.txt")
        with console.progress(steps, config.method, in_lines=True) as progress:
            trained = train_classifier(config, train, test, synthetic, lambda *_: progress.update(), unlabelled)
        write_classifier(output_dir, trained, data, features, sources)
    return {**trained.result, "num_test_files": len(set(test.recordings))}


def _plan(config: ClassifierConfig, steps: int) -> str:
    if config.classifier == EMBEDDING:
        return f"{config.method}: {config.embedding_head} of embeddings by {config.embedding_model}, fitted at once"
    if method_named(config.method).learner == LDA:
        return f"{config.method}: shrunk linear discriminant analysis of band statistics, fitted at once to real clips"
    from gansynth_isa.classifiers.uses import learner_text, use_text

    method = method_named(config.method)
    augmentation = f", augmentation {config.augmentation}" if method.augmented else ""
    balance = " with classes balanced" if config.class_balance == "balanced" else ""
    batches = f"{steps:,} steps of {config.classifier_batch_size}{balance}"
    use = f"; {text}" if method.synthetic and (text := use_text(config)) else ""
    return f"{config.method}: {config.classifier}, {batches}{augmentation}{use}{learner_text(config)}"


def _sources(
    options: Options, config: ClassifierConfig, data: DataConfig, features: FeatureConfig, console: Console
) -> tuple[ClipSet, ClipSet, SyntheticClips | None, UnlabelledClips | None]:
    """(training clips, test side, synthetic clips or None, unlabelled clips or None), checked against each other."""
    synthetic = _read_synthetic(options) if method_named(options.classifier.method).synthetic else None
    cache_dir = options.command.feature_cache_dir
    train, whole, test = load_sides(data, features, console, cache_dir, embedding(config, data, console, cache_dir))
    require_test_side(test, data)
    if synthetic is not None:
        from gansynth_isa.generators.provenance import check_synthetic

        synthetic = check_synthetic(synthetic, train, test, data, features)
        tell_source(synthetic, console)
    unlabelled = None
    if config.learner != SUPERVISED:
        folder = options.command.unlabelled_dir
        unlabelled = load_others(folder, data, features, console, (train, whole, test), cache_dir)
    return train, test, synthetic, unlabelled


def _show(result: dict | None, output_dir: Path, console: Console) -> None:
    if result is None:
        return
    counts = result["counts"]
    is_uneven = any(len(set(counts[side].values())) > 1 for side in ("train", "test"))
    balanced = f"; mean of recalls {result['mean_recall']:.3f}" if is_uneven else ""
    per_clip = _with_interval(result["accuracy_per_clip"], sum(counts["test"].values()))
    per_file = _with_interval(result["accuracy_per_file"], result["num_test_files"])
    console.line(
        f"accuracy {result['accuracy']:.3f} (95 % intervals: per clip {per_clip}, per file {per_file}), "
        f"chance (largest class) {_chance(counts['test']):.3f}{balanced}; written to {output_dir}"
    )
    console.line(f"recall per clip: {', '.join(_recalls(result))}")


def _with_interval(accuracy: float, num_tested: int) -> str:
    """An accuracy and its interval, which takes what was tested to be independent; see `wilson_interval`."""
    from gansynth_isa.export.model_card import wilson_interval

    low, high = wilson_interval(round(accuracy * num_tested), num_tested)
    return f"{accuracy:.3f} [{low:.3f}, {high:.3f}]"


def _recalls(result: dict) -> Iterator[str]:
    """Class and recall; of a class that is mostly missed also what its clips are taken for most often."""
    names = list(result["recall"])
    for label, (name, recall) in enumerate(result["recall"].items()):
        if recall is None or recall >= MOSTLY_MISSED:
            yield f"{printable(name)} {'-' if recall is None else f'{recall:.2f}'}"
            continue
        answers = result["confusion_matrix"][label]
        wrong = max((other for other in range(len(names)) if other != label), key=answers.__getitem__)
        yield f"{printable(name)} {recall:.2f} ({answers[wrong]} of {sum(answers)} as {printable(names[wrong])})"


def _chance(counts: dict[str, int]) -> float:
    """Accuracy of always naming the largest class: its share of the test clips."""
    return max(counts.values()) / sum(counts.values())


def _num_synthetic(options: Options, num_classes: int) -> int:
    """Synthetic clips of the longest method: those of --synthetic_dir, or as many as --samples_per_class makes."""
    from gansynth_isa.data.clip_sets.synthetic_folder import count_synthetic

    if options.command.synthetic_dir:
        return count_synthetic(options.command.synthetic_dir)
    return options.grid.samples_per_class * num_classes


def _read_synthetic(options: Options) -> SyntheticClips:
    from gansynth_isa.data.clip_sets.synthetic_folder import read_synthetic

    return read_synthetic(Path(known(options.command.synthetic_dir)))


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
