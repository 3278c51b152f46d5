"""The rules of the house: arrows point down, only `cli` knows flags, files and functions stay small."""

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "gansynth_isa"
BOTTOM = {"errors", "files", "methods", "tables", "environment", "drawing", "tensorflow_paths", "tensors"}
# What each room may import of this package, besides itself.
SETTINGS = {"config", "derived", "validation", *BOTTOM}
DATA = {"data", "spectral", "measures", "console", *SETTINGS}
LEARNING = {"runs", *DATA}
CHOOSING = {"choosing", "classifiers", "generators", *LEARNING}
API = {"export", "evaluation", *CHOOSING}
ALLOWED = {
    "__init__": {"api", *API},  # names for programs and notebooks, each imported when it is asked for
    "errors": set(),
    "files": {"errors"},
    "methods": {"errors"},
    "tables": {"errors"},
    "tensors": set(),
    "environment": {"errors"},
    "drawing": {"errors"},
    "tensorflow_paths": {"errors"},
    "console": BOTTOM,
    "validation": BOTTOM,
    "config": {"validation", *BOTTOM},
    "derived": {"config", "validation", *BOTTOM},
    "measures": {"errors"},
    "spectral": {"config", "errors", "tensors"},
    "data": {"spectral", *SETTINGS},
    "runs": DATA,
    "classifiers": LEARNING,
    "generators": {"classifiers", *LEARNING},
    "evaluation": {"classifiers", *LEARNING},
    "export": {"classifiers", "generators", *LEARNING},
    "choosing": {"classifiers", "generators", *LEARNING},
    "experiments": {"evaluation", *CHOOSING},
    "reports": {"experiments", *LEARNING},
    "checks": {"reports", "experiments", "export", "evaluation", *CHOOSING},
    "api": API,
    "cli": {"checks", "reports", "experiments", "export", "evaluation", *CHOOSING},
}
MAX_LINES_PER_FILE = 300
MAX_LINES_PER_BODY = 30
SOURCES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room, or the module at the top, that a source file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> set[str]:
    """Full names of all modules that a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_sources_of_the_package_are_found():
    assert len(SOURCES) > 20
    assert {room_of(path) for path in SOURCES} <= set(ALLOWED)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_of_a_room_point_down_only(path):
    room = room_of(path)
    rooms = {name.split(".")[1] for name in imported_modules(path) if name.startswith("gansynth_isa.")}
    forbidden = rooms - ALLOWED.get(room, set()) - {room}
    assert not forbidden, f"{path.relative_to(REPOSITORY)} imports {sorted(forbidden)}, which {room!r} may not"


def test_absl_flags_are_imported_by_cli_alone():
    users = {
        room_of(path)
        for path in SOURCES
        if any(name.startswith(("absl.flags", "absl.app")) for name in imported_modules(path))
    }
    assert users == {"cli"}


def test_runs_know_no_kind_of_generator():
    kinds_settings = {"GanConfig", "NetworkConfig", "TrainingConfig"}
    for path in sorted((PACKAGE / "runs").rglob("*.py")):
        assert not {name.split(".")[-1] for name in imported_modules(path)} & kinds_settings, path
        text = path.read_text(encoding="utf-8").lower()
        assert not [word for word in ("discriminator", "latent", "a gan", "the gan") if word in text], path


@pytest.mark.parametrize("room", ["generators/gansynth/networks", "generators/gansynth/losses"])
def test_networks_and_losses_do_not_import_tensorflow_on_their_own(room):
    for path in sorted((PACKAGE / room).rglob("*.py")):
        assert not [name for name in imported_modules(path) if name.split(".")[0] == "tensorflow"], path


def test_matplotlib_is_imported_by_the_module_that_settles_it_alone():
    users = [path for path in SOURCES if any(name.split(".")[0] == "matplotlib" for name in imported_modules(path))]
    assert users == [PACKAGE / "drawing.py"]


def test_pickle_is_imported_nowhere():
    for path in SOURCES:
        assert not {"pickle", "dill", "joblib"} & {name.split(".")[0] for name in imported_modules(path)}, path


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < MAX_LINES_PER_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= MAX_LINES_PER_BODY, f"{path.relative_to(REPOSITORY)}: {node.name} has {lines} lines"


# Checks compare the progressive GAN with the original and measure its speed, presets are the paper's settings of it,
# and the package publishes names of settings; whoever else needs a kind asks the registry for it.
KNOW_A_KIND = {"generators/registry.py", "__init__.py", "cli/benchmark.py", "cli/presets.py"}
KINDS = (
    *("gansynth", "gaussian", "transfer", "smote", "events", "copies"),
    *("diffusion", "wavegan", "specgan", "imported"),
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_kinds_of_generators_are_known_to_the_registry_alone(path):
    place = path.relative_to(PACKAGE).as_posix()
    own = next((kind for kind in KINDS if place.startswith(f"generators/{kind}/")), None)
    others = tuple(f"gansynth_isa.generators.{kind}" for kind in KINDS if kind != own)
    named = sorted(name for name in imported_modules(path) if name.startswith(others))
    assert not named or place in KNOW_A_KIND or room_of(path) == "checks", f"{place} imports {named}"
