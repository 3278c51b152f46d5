"""Says what is in a set of recordings, and what would spoil a result.

Prints classes by sides with numbers of clips, durations, levels, sample rates, formats and channels. It looks for
recordings that are silent, clipped, short or unreadable, for the same sound in training and test, for channels that
are silent or cancel each other when mixed, and for names that look alike. It also looks for whatever tells the class
without any sound: sample rate, format, channels, bits, length, digital silence, level of the pauses, limit of the
spectrum, software, device or day. It says if events are so short that clips as they are cut hold little of them.

Needs --data_dir. --picture=FILE draws log-mel spectrograms of random clips of each class (--seed chooses).
Exit status 2 if the set cannot be used.
"""

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.derived import resolve_features
from gansynth_isa.validation import known

if TYPE_CHECKING:
    from gansynth_isa.data.recordings.survey import Survey


def main(argv: Sequence[str]) -> int:
    """Parses the command line and prints what is there."""
    options = parse_options(argv, __doc__, shown=flags_of("inspect"))
    with quiet_session() as session:
        return inspect(options, session)


def inspect(options: Options, session: Session) -> int:
    """Prints tables and warnings, and draws the picture."""
    data_dir = options.required_dir("data_dir", "the folder that holds the recordings")
    from gansynth_isa.data.recordings.survey import survey_recordings
    from gansynth_isa.data.recordings.survey_text import survey_text

    started = time.monotonic()
    with session.console.progress(None, "recordings") as bar:
        survey = survey_recordings(options.data, lambda *_: bar.update())
    num_recordings, seconds = len(survey.found.recordings), time.monotonic() - started
    session.console.line(f"{data_dir}: {num_recordings:,} recordings, read in {seconds:.1f} s\n")
    session.console.line(survey_text(survey, options.data.dataset))
    survey.check(options.data.skip_bad_files)
    if options.command.picture:
        _write_picture(survey, options, session)
    return 0


def _write_picture(survey: "Survey", options: Options, session: Session) -> None:
    from gansynth_isa.data.clip_sets.loading import resolve_clip_seconds
    from gansynth_isa.data.recordings.survey_picture import write_picture

    data = resolve_clip_seconds(options.data)
    features = resolve_features(data, options.features)
    warning = write_picture(survey, data, features, options.seeds.seed, known(options.command.picture))
    session.console.line(f"\n{options.command.picture}: log-mel spectrograms of random clips")
    if warning:
        session.console.line(warning)


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
