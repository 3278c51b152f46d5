"""The pages in docs/commands."""

import dataclasses

import pytest

from gansynth_isa.cli.command_flags import COMMANDS
from gansynth_isa.cli.command_pages import page
from gansynth_isa.cli.options import flag_groups


@pytest.mark.parametrize("command", COMMANDS)
def test_page_in_docs_is_the_newest(command, repository):
    stored = (repository / "docs" / "commands" / f"{command}.md").read_text(encoding="utf-8")
    assert stored == page(command), "stale: run scripts/command_pages"


def test_page_of_train_holds_flag_default_and_meaning():
    lines = page("train").splitlines()
    assert lines[0] == "# gansynth_isa_train"
    assert "| `--fmap_max=int` | `256` | largest number of filters |" in lines
    assert not [line for line in lines if "--gan_repeats" in line]


def test_pages_show_every_flag_of_the_project_somewhere():
    text = "".join(page(command) for command in COMMANDS)
    for group in flag_groups():
        for item in dataclasses.fields(group):
            assert f"--{item.name}=" in text or f"--[no]{item.name}`" in text, item.name


def test_readme_links_every_page(repository):
    text = (repository / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"(docs/commands/{command}.md)" in text
