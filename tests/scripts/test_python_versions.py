"""What setup.cfg requires of each Python, and which Pythons scripts/test and scripts/demo accept."""

import configparser
import shutil
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

KNOWN_PAIR = {"tensorflow": "2.16.2", "tensorflow-io": "0.37.1", "tensorboard": "2.16.2", "numpy": "1.26.4"}
# Answers what an interpreter of another version would, and makes no environment.
INTERPRETER = """#!{bash}
case "$1" in
  --version) echo "Python {version}.0" ;;
  -c) "{python}" -c "import sys; sys.version_info = tuple(map(int, '{version}.0'.split('.'))); $2" ;;
  *) exit 1 ;;
esac
"""


@pytest.fixture
def packaging_file(repository):
    """setup.cfg, read."""
    parser = configparser.ConfigParser()
    parser.read(repository / "setup.cfg", encoding="utf-8")
    return parser


def required(packaging_file, python, extra=None):
    """The requirements that hold for a version of Python, by name; of the project or of an extra."""
    text = packaging_file["options.extras_require"][extra] if extra else packaging_file["options"]["install_requires"]
    requirements = [Requirement(line) for line in text.splitlines() if line.strip()]
    place = {"python_version": python, "python_full_version": f"{python}.0"}
    held = [item for item in requirements if item.marker is None or item.marker.evaluate(place)]
    by_name = {item.name: item.specifier for item in held}
    assert len(by_name) == len(held), f"Python {python}: a name is required twice"
    return by_name


@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_python_below_313_takes_the_pair_that_works_with_tensorflow_io(packaging_file, python):
    found = required(packaging_file, python)
    assert all(found[name].contains(version) for name, version in KNOWN_PAIR.items())
    assert not found["tensorflow"].contains("2.17.0")
    # Later ones no longer ship pkg_resources, which TensorBoard 2.16 imports.
    assert found["setuptools"].contains("80.9.0") and not found["setuptools"].contains("81.0.0")


def test_python_313_takes_newer_versions_without_tensorflow_io(packaging_file):
    found = required(packaging_file, "3.13")
    assert "tensorflow-io" not in found
    for name in ("tensorflow", "tensorboard"):
        assert found[name].contains("2.21.0") and not found[name].contains("2.16.2")
    # TensorBoard imports pkg_resources up to 2.20, and the newest setuptools has none.
    assert not found["tensorboard"].contains("2.20.0")
    assert found["numpy"].contains("2.1.0") and not found["numpy"].contains("1.26.4")
    assert found["scipy"].contains("1.14.1") and found["keras"].contains("3.15.1")


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("extra", [None, "test", "cluster", "gpu"])
def test_every_requirement_is_bounded_above(packaging_file, python, extra):
    found = required(packaging_file, python, extra)
    assert found
    for name, specifier in found.items():
        assert any(bound.operator in ("<", "==") for bound in specifier), f"{name}{specifier}"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_extra_for_gpus_takes_the_tensorflow_of_the_project(packaging_file, python):
    ours, theirs = required(packaging_file, python), required(packaging_file, python, "gpu")
    assert theirs == {"tensorflow": ours["tensorflow"]}


def start_with(repository, folder, interpreters):
    """Runs scripts/lib/environment.sh where only these interpreters are found."""
    library, tools = folder / "scripts" / "lib", folder / "tools"
    library.mkdir(parents=True)
    tools.mkdir()
    shutil.copy(repository / "scripts" / "lib" / "environment.sh", library)
    shutil.copy(repository / "setup.cfg", folder)
    shutil.copy(repository / "pyproject.toml", folder)
    for tool in ("cat", "cksum", "dirname", "rm"):
        (tools / tool).symlink_to(shutil.which(tool))
    bash = shutil.which("bash")
    for name, version in interpreters.items():
        (tools / name).write_text(INTERPRETER.format(bash=bash, python=sys.executable, version=version))
        (tools / name).chmod(0o755)
    command = [bash, "-euo", "pipefail", "-c", f"source {library / 'environment.sh'}"]
    return subprocess.run(command, env={"PATH": str(tools)}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "found, taken",
    [
        ({"python3.13": "3.13"}, "3.13"),
        ({"python3": "3.13"}, "3.13"),
        ({"python3.12": "3.12", "python3.13": "3.13", "python3": "3.13"}, "3.12"),
        ({"python3.14": "3.14", "python3": "3.14", "python": "3.11"}, "3.11"),
    ],
)
def test_environment_is_made_with_the_known_pair_where_there_is_a_choice(repository, tmp_path, found, taken):
    shown = start_with(repository, tmp_path, found)
    assert f"Making the environment .venv with Python {taken}.0" in shown.stdout
    # The stand-in makes no environment, so that the script ends here.
    assert shown.returncode == 1 and "-m venv failed" in shown.stderr


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_scripts_accept_a_python_just_where_setup_cfg_does(repository, packaging_file, tmp_path, python):
    wanted = SpecifierSet(packaging_file["options"]["python_requires"]).contains(f"{python}.5")
    shown = start_with(repository, tmp_path, {"python3": python})
    assert ("Making the environment" in shown.stdout) == wanted
    assert ("error: expected Python 3.11, 3.12 or 3.13 as" in shown.stderr) == (not wanted)
    assert shown.returncode == 1
