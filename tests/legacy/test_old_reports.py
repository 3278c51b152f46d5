"""Reports of the published rows have the tables and verdicts that the commit in artefacts/README.md gave them.

No digest depends on threads, the kind of processor, matplotlib or NumPy's version: figures are left out.
"""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from gansynth_isa.cli import report
from gansynth_isa.cli.runtime import run_command

DIGESTS = json.loads((Path(__file__).resolve().parent / "artefacts" / "report_digests.json").read_text())
PAGE, PAGE_TABLES = "report.md", "report.md tables"


@pytest.fixture(scope="module")
def reports(repository, tmp_path_factory) -> dict[str, Path]:
    """{set: folder of the report made of its rows alone}, made when first asked for."""

    class Reports(dict):
        def __missing__(self, name):
            folder = tmp_path_factory.mktemp(name)
            for rows in ("results.jsonl", "gans.jsonl"):
                shutil.copy(repository / "docs" / "results" / "gan_as_published" / name / rows, folder)
            assert run_command(report.main, ["report", f"--experiment_dir={folder}"]) == 0
            self[name] = folder
            return folder

    return Reports()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_every_published_set_of_rows_has_digests(repository):
    published = {
        path.parent.name for path in (repository / "docs" / "results" / "gan_as_published").glob("*/results.jsonl")
    }
    assert set(DIGESTS) <= published and len(DIGESTS) == 5


@pytest.mark.parametrize("name", DIGESTS)
def test_tables_of_published_rows_are_equal_byte_for_byte(reports, name):
    files = reports[name] / "report_files"
    expected = {file: value for file, value in DIGESTS[name].items() if file not in (PAGE, PAGE_TABLES)}
    assert {"accuracy.csv", "differences.csv", "statements.csv"} <= expected.keys()
    assert {path.name: digest(path.read_bytes()) for path in files.glob("*.csv")} == expected


@pytest.mark.parametrize("name", DIGESTS)
def test_tables_in_the_page_of_published_rows_are_equal_byte_for_byte(reports, name):
    lines = (reports[name] / "report.md").read_text(encoding="utf-8").splitlines()
    tables = "".join(line + "\n" for line in lines if line.startswith("|"))
    assert digest(tables.encode()) == DIGESTS[name][PAGE_TABLES]


@pytest.mark.parametrize("name", DIGESTS)
def test_page_of_published_rows_is_equal_byte_for_byte(reports, name):
    page = (reports[name] / "report.md").read_bytes()
    # The page names a test and a file that were called otherwise then.
    page = page.replace(b"tests/reports/statistics/test_coverage.py", b"tests/experiments/test_coverage.py")
    page = page.replace(b"holds no grid.json", b"holds no experiment.json")
    assert digest(page) == DIGESTS[name][PAGE]
