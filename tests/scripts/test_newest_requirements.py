"""The requirements of the environment with the newest TensorFlow, from a small setup.cfg and from the project's own."""

import subprocess
import sys

SETUP = """[options]
install_requires =
    absl-py>=2.1,<3
    # a comment is no requirement
    keras>=3.15,<3.16
    tensorflow==2.16.2; python_version < "3.13"
    tensorflow-io==0.37.1; python_version < "3.13"
    setuptools>=68,<81; python_version<"3.13"
    tensorflow>=2.21,<2.22; python_version >= "3.13"
    tqdm>=4.66,<5; python_version >= "3.13"

[options.extras_require]
test =
    pytest>=8,<10
gpu =
    tensorflow[and-cuda]==2.16.2
"""


def printed(repository, setup_cfg):
    program = repository / "scripts" / "lib" / "newest_requirements.py"
    shown = subprocess.run([sys.executable, program, setup_cfg], capture_output=True, text=True, check=True)
    return shown.stdout.splitlines()


def test_newest_requirements_free_tensorflow_and_drop_what_is_for_an_older_python(repository, tmp_path):
    (tmp_path / "setup.cfg").write_text(SETUP)
    found = printed(repository, tmp_path / "setup.cfg")
    assert found == ["absl-py>=2.1,<3", "keras", "tensorflow", "tqdm>=4.66,<5", "pytest>=8,<10"]


def test_newest_requirements_of_the_project_name_no_version_of_tensorflow(repository):
    found = printed(repository, repository / "setup.cfg")
    assert {"tensorflow", "keras", "numpy", "scipy", "tensorboard"} <= set(found)
    assert len(found) == len(set(found))
    assert not [line for line in found if ";" in line]
    assert not [line for line in found if line.startswith("tensorflow-io")]
