"""Recordings in, class and probabilities out.

Needs --model, the folder of a trained or exported classifier (or a .tflite file in one), and one or more FILEs. A
recording is cut as the classifier's training recordings were; its probabilities are the mean of its clips. --follow
tells every clip over time, --json prints one JSON object. A classifier of embeddings needs its --embedding_model where
that is not where it was.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.errors import InputError


def main(argv: Sequence[str]) -> int:
    """Parses the command line and predicts."""
    options = parse_options(argv, __doc__, takes_files=True, shown=flags_of("predict"))
    with quiet_session() as session:
        return predict(options, session)


def predict(options: Options, session: Session) -> int:
    """Prints the answers file by file, or, as JSON, when all are known."""
    model = options.required_dir("model", "the folder of a trained or exported classifier")
    if not options.files:
        raise InputError("files: expected one recording or more after the flags, got nothing")
    _check_there(model, options.files)
    from gansynth_isa.export.deployed import load_classifier
    from gansynth_isa.export.prediction import Predictor

    predictor = Predictor(load_classifier(model, options.classifier.embedding_model))
    if options.command.dry_run:
        session.console.line(f"would classify {len(options.files)} recordings with {model}")
        return 0
    answers = []
    for path in options.files:
        prediction = predictor.predict(path)
        if options.command.json:
            answers.append(prediction.to_dict(options.command.follow))
        else:
            session.console.line(prediction.text(options.command.follow))
    if options.command.json:
        session.console.line(json.dumps({"model": str(model), "predictions": answers}, indent=1))
    else:
        print("probabilities are not calibrated: 0.9 is not right nine times in ten", file=sys.stderr)
    return 0


def _check_there(model: Path, files: Sequence[str]) -> None:
    """Refuses what does not exist before TensorFlow and the model are loaded, which takes its time."""
    from gansynth_isa.data.audio.opening import check_is_file

    if not os.path.exists(model):  # of a name that is too long, too
        raise InputError(f"{model}: expected the folder of a trained or exported classifier, but it does not exist")
    for path in files:
        check_is_file(path)


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
