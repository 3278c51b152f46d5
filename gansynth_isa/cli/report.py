"""Writes report.html, report.md, accuracy.png and report_files/ from an experiment's folder.

Needs --experiment_dir; --output_dir says where to write, by default into the same folder. Prints the accuracies.
--paper_set and --simulated say which of the paper's statements apply. --other_experiments names experiments in which
other classes are scarce, to be counted together with this one. Needs neither the recordings nor TensorFlow.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from gansynth_isa.cli.command_flags import flags_of
from gansynth_isa.cli.options import parse_options
from gansynth_isa.cli.runtime import run_command


def main(argv: Sequence[str]) -> int:
    """Parses the command line, writes and prints the report."""
    options = parse_options(argv, __doc__, shown=flags_of("report"))
    experiment_dir = options.required_dir("experiment_dir", "the folder of an experiment")
    output_dir = Path(options.command.output_dir or experiment_dir)

    from gansynth_isa.reports.experiment_files import read_results
    from gansynth_isa.reports.report import write_report

    if options.command.dry_run:
        print(f"would write the report of {len(read_results(experiment_dir))} classifiers to {output_dir}")
        return 0
    others = [Path(folder) for folder in options.command.other_experiments]
    report = write_report(experiment_dir, output_dir, options.command.paper_set, options.command.simulated, others)
    print(report.text)
    print()
    for path in report.files:
        if path.parent == output_dir:
            print(path)
    if report.warning:
        print(report.warning)
    return 0


def run() -> None:
    """Entry point of the console script."""
    sys.exit(run_command(main))


if __name__ == "__main__":
    run()
