"""Runs a command and notes the largest resident memory of its processes: peak_memory.py FILE COMMAND [ARGUMENT ...]

FILE gets `{"peak_memory_mib": number}`; a larger number that it holds stays, for a command that only went on.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path


def main(file: Path, command: list[str]) -> int:
    """The exit status of the command."""
    status = subprocess.call(command)
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # Linux counts in KiB
    before = json.loads(file.read_text())["peak_memory_mib"] if file.exists() else 0
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"peak_memory_mib": max(before, round(peak_mib))}) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
