"""Takes sound files of classes, made elsewhere, as synthetic clips.

Needs --input_dir, a folder per class with WAV, FLAC or Ogg files, --output_dir, and --source, which says what made
them, such as a text-to-audio model and its prompts. The flags of clips and features must be those of the recordings
that the clips will be used with. With --clip_seconds longer files are cut; without, all must have one length. With
--data_dir the classes, the length and the content are compared with the recordings: what has the content of a test
recording is refused, here and wherever the clips are used. What the maker had heard stays unknown, and results say so.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import Options, parse_options
from gansynth_isa.cli.resolution import load_sides, resolved_data
from gansynth_isa.cli.runtime import Session, quiet_session, run_command
from gansynth_isa.console import Progress
from gansynth_isa.errors import InputError, printable

if TYPE_CHECKING:
    from gansynth_isa.data.clip_sets.importing import ImportPlan
    from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips


def main(argv: Sequence[str]) -> int:
    """Parses the command line and imports."""
    options = parse_options(argv, __doc__, shown=flags_of("import"))
    with quiet_session() as session:
        return import_clips(options, session)


def import_clips(options: Options, session: Session) -> int:
    """Reads the files below --input_dir and writes them as synthetic clips to --output_dir."""
    output_dir = options.required_dir("output_dir", "the folder to write synthetic clips to")
    source = (options.command.source or "").strip()
    if not source:
        raise InputError("source: expected words that say what made the sound files, got nothing")
    plan = _plan(options)
    session.console.line(plan.text())
    if options.command.dry_run:
        return 0
    synthetic = _checked(_read(plan, source, session), plan, options, session)
    from gansynth_isa.data.clip_sets.synthetic_folder import SyntheticWriter
    from gansynth_isa.data.clip_sets.wav_folder import remove_wavs
    from gansynth_isa.runs.folder_lock import locked

    shards = SyntheticWriter(output_dir, synthetic.metadata)
    with locked(output_dir):
        with shards:
            shards.write(synthetic.spectrograms, synthetic.labels)
        remove_wavs(output_dir)
    names = ", ".join(map(printable, plan.class_names))
    session.console.line(
        f"{output_dir}: {len(synthetic):,} synthetic clips of {names}, imported from: {printable(source)}"
    )
    return 0


def _plan(options: Options) -> ImportPlan:
    """What is to be imported; the length of clips is that of the recordings where these are given.

    Raises:
      InputError: see `plan_import`; or a class that the recordings do not have.
    """
    input_dir = options.required_dir("input_dir", "a folder per class with sound files to import")
    from gansynth_isa.data.clip_sets.importing import plan_import

    if not options.data.data_dir:
        return plan_import(input_dir, options.data, options.features)
    from gansynth_isa.data.recordings.finding import find_recordings
    from gansynth_isa.generators.provenance import check_imported_classes

    plan = plan_import(input_dir, options.data, options.features, resolved_data(options).clip_seconds)
    known = sorted({recording.label for recording in find_recordings(options.data).recordings})
    check_imported_classes("input_dir", plan.class_names, known)
    return plan


def _read(plan: ImportPlan, source: str, session: Session) -> SyntheticClips:
    from gansynth_isa.data.clip_sets.importing import read_imports

    bars: list[Progress] = []

    def show(num_read: int, num_files: int) -> None:
        if not bars:
            bars.append(session.console.progress(num_files, "importing"))
        bars[0].update()

    try:
        return read_imports(plan, source, session.console.line, on_recording=show)
    finally:
        for bar in bars:
            bar.close()


def _checked(synthetic: SyntheticClips, plan: ImportPlan, options: Options, session: Session) -> SyntheticClips:
    """The clips, compared with the recordings where these are given.

    Raises:
      InputError: other settings, or content of the test side.
    """
    if not options.data.data_dir:
        return synthetic
    from gansynth_isa.generators.provenance import check_synthetic

    data = dataclasses.replace(resolved_data(options), clip_seconds=plan.data.clip_seconds)
    train, _, test = load_sides(data, plan.features, session.console, options.command.feature_cache_dir)
    check_synthetic(synthetic, train, test, data, plan.features)
    return synthetic


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
