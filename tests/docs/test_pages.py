"""The pages themselves: links lead somewhere, each page begins with its commands, the README stays a front door."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=REPOSITORY,
    capture_output=True,
    text=True,
    check=False,
).stdout.split()
# A copy without git holds no environments yet.
PAGES = [REPOSITORY / name for name in TRACKED] or sorted(REPOSITORY.glob("*.md")) + sorted(
    REPOSITORY.glob("docs/**/*.md")
)
QUESTIONS = [page for page in PAGES if page.parent == REPOSITORY / "docs" and page.name != "README.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    """The path of a page in the repository."""
    return page.relative_to(REPOSITORY).as_posix()


def without_code(page: Path) -> str:
    """The text of a page without fenced blocks and code in lines."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`(?!\])", "", text)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pages_are_found():
    assert {"README.md", "CONTRIBUTING.md", "docs/README.md", "docs/results/README.md"} <= set(map(name_of, PAGES))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_of_a_page_lead_to_files_and_headings_that_exist(page):
    for link in LINK.findall(without_code(page)):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{name_of(page)}: {link}"
        assert path.is_relative_to(REPOSITORY), f"{name_of(page)}: {link} leads out of the repository"
        assert not anchor or anchor in anchors(path), f"{name_of(page)}: {link}"


@pytest.mark.parametrize("page", QUESTIONS, ids=name_of)
def test_page_of_a_question_begins_with_its_commands_and_is_in_the_index(page):
    title, _, rest = page.read_text(encoding="utf-8").partition("\n")
    assert title.startswith("# ")
    assert rest.lstrip().startswith("```"), "expected a block of commands under the title"
    index = (REPOSITORY / "docs" / "README.md").read_text(encoding="utf-8")
    assert f"]({page.name})" in index


def test_readme_is_a_front_door_of_at_most_120_lines():
    lines = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 120
    assert any(line.startswith("![") for line in lines), "expected the figure of a result"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pictures_of_a_page_have_a_description(page):
    assert not re.search(r"!\[\s*\]\(", page.read_text(encoding="utf-8"))


def test_licence_is_that_of_the_packaging_and_of_the_citation():
    assert "Apache License" in (REPOSITORY / "LICENSE").read_text(encoding="utf-8")
    assert "\nlicense = Apache-2.0\n" in (REPOSITORY / "setup.cfg").read_text(encoding="utf-8")
    citation = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    assert "\nlicense: Apache-2.0\n" in citation and "Bridging the Gap" in citation
    version = re.search(r"^version: (\S+)$", citation, re.MULTILINE)[1]
    assert f'__version__ = "{version}"' in (REPOSITORY / "gansynth_isa" / "__init__.py").read_text(encoding="utf-8")


def test_pre_commit_runs_the_linter_of_the_environment_and_names_no_host():
    text = (REPOSITORY / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (.*)", text) == ["local"]
    assert re.findall(r"entry: (ruff \w+)", text) == ["ruff check", "ruff format"]
    assert set(re.findall(r"language: (.*)", text)) == {"system"}
