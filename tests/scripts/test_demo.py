"""What scripts/demo says when it is stopped."""

import shutil
import subprocess
import sys

import pytest

# Stand for the commands: those before are done, this one is stopped by Ctrl-C.
DONE = "#!/usr/bin/env bash\n"
STOPPED = """#!{python}
import sys
from gansynth_isa.cli.runtime import run_command

def main(argv):
    raise KeyboardInterrupt

sys.exit(run_command(main, continues={continues}))
"""


@pytest.mark.parametrize(("stopped", "continues"), [("simulate", False), ("experiment", True), ("report", False)])
def test_demo_that_is_stopped_asks_to_run_it_again(repository, tmp_path, stopped, continues):
    (tmp_path / "scripts" / "lib").mkdir(parents=True)
    shutil.copy(repository / "scripts" / "demo", tmp_path / "scripts")
    environment = f'PATH="{tmp_path}/bin:$PATH"; repository="{tmp_path}"'
    (tmp_path / "scripts" / "lib" / "environment.sh").write_text(environment)
    (tmp_path / "bin").mkdir()
    (tmp_path / "tensorboard_logs" / "demo").mkdir(parents=True)
    for name in ("simulate", "experiment", "report"):
        command = tmp_path / "bin" / f"gansynth_isa_{name}"
        is_stopped = name == stopped
        command.write_text(STOPPED.format(python=sys.executable, continues=continues) if is_stopped else DONE)
        command.chmod(0o755)
    result = subprocess.run(["scripts/demo"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.stderr == "stopped by SIGINT; to continue: scripts/demo\n"
    assert result.returncode == 130
