"""Writes a trained generator or classifier as a SavedModel, a Keras file or LiteRT files, each with a model card.

Needs --export_dir, and --train_root_dir (a generator) or --classifier_dir (a classifier). --format=saved_model runs
with TensorFlow alone. --format=litert is for classifiers: it reads the recordings (--data_dir; default: where they
were), since int8 learns its ranges from training clips, and compares all precisions on the test clips.
"""

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.config.identity import setting_values
from gansynth_isa.errors import InputError, printable
from gansynth_isa.validation import Decides, known

if TYPE_CHECKING:
    from gansynth_isa.classifiers.folder import StoredClassifier


def main(argv: Sequence[str]) -> int:
    """Parses the command line and exports."""
    options = parse_options(argv, __doc__, shown=flags_of("export"))
    with quiet_session() as session:
        return export(options, session)


def export(options: Options, session: Session) -> int:
    """Exports the one model that the command line names."""
    command = options.command
    export_dir = options.required_dir("export_dir", "the folder to write the exported model to")
    if bool(command.classifier_dir) == bool(command.train_root_dir):
        received = "both" if command.classifier_dir else "neither"
        raise InputError(f"classifier_dir: expected it (a classifier) or train_root_dir (a generator), got {received}")
    if command.classifier_dir:
        _export_classifier(options, export_dir, session)
    else:
        _export_generator(options, export_dir, session)
    return 0


def _export_generator(options: Options, export_dir: Path, session: Session) -> None:
    from gansynth_isa.export.exporting import export_generator
    from gansynth_isa.generators.generation import load_generator

    trained = load_generator(options.train_root_dir(), session.console.line, for_export=True)
    if not options.command.dry_run:
        export_generator(trained, options.command.format, export_dir)
    _say(options, export_dir, "generator", trained.class_names, session)


def _export_classifier(options: Options, export_dir: Path, session: Session) -> None:
    from gansynth_isa.classifiers.folder import read_classifier
    from gansynth_isa.export.exporting import export_classifier

    classifier_dir = Path(known(options.command.classifier_dir))
    stored = read_classifier(classifier_dir)
    if not options.command.dry_run:
        if options.command.format == "litert":
            _export_litert(options, stored, classifier_dir, export_dir, session)
        else:
            export_classifier(stored, options.command.format, export_dir)
    _say(options, export_dir, "classifier", stored.class_names, session)


def _export_litert(
    options: Options, stored: "StoredClassifier", classifier_dir: Path, export_dir: Path, session: Session
) -> None:
    from gansynth_isa.classifiers.files import MODEL_FILE
    from gansynth_isa.export.exporting import export_litert
    from gansynth_isa.export.litert import comparison_table

    given = {name: value for name, value in setting_values(options.data, Decides.PLACE).items() if value}
    data = dataclasses.replace(stored.data, **given)
    train, _, test = load_sides(data, stored.features, session.console, options.command.feature_cache_dir)
    for clips in (train, test):
        if clips.class_names != stored.class_names:
            names, expected = ", ".join(clips.class_names), ", ".join(stored.class_names)
            raise InputError(f"data_dir: expected recordings of the classes {expected}, got {names}")
    keras_bytes = (classifier_dir / MODEL_FILE).stat().st_size
    rows = export_litert(stored, export_dir, keras_bytes, train.spectrograms, test.spectrograms, test.labels)
    session.console.line(comparison_table(rows))


def _say(options: Options, export_dir: Path, kind: str, class_names: Sequence[str], session: Session) -> None:
    done = "would write" if options.command.dry_run else "wrote"
    session.console.line(
        f"{done} a {kind} of {', '.join(map(printable, class_names))} as {options.command.format} to {export_dir}"
    )


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
