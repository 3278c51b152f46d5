"""Flag files and flag spellings of the commit in artefacts/README.md are still accepted and mean what they meant."""

import re
import wave

import pytest
import soundfile

# Images of all stages, frames and mel bins, added up by hand: {flag file: (images, frames, mel_bins)}.
PLANS = {
    "mb": (9 * 8_000, 32, 1024),
    "mb_two_cores": (5 * 3_000, 32, 128),
    "pucks": (17 * 80_000, 512, 1024),
    "pucks_two_cores": (4 * 3_000 + 3 * 2_000, 256, 64),
    "bulk_material": (5 * 3_000, 32, 128),
    "building_impacts": (3 * 2_000 + 2 * 1_500, 64, 64),
    "demo": (3 * 2_000 + 2 * 1_000, 32, 64),
}
# Names that the flag files' patterns match; mb and pucks show their plans without recordings.
RECORDINGS = {
    "bulk_material": ["screws_1.wav", "screws_2.wav", "nuts_1.wav", "nuts_2.wav"],
    "building_impacts": [f"{label}_{floor}_01m_1.flac" for label in ("hammer", "ball") for floor in ("1F", "2F")],
    "demo": ["train/a/1.wav", "train/b/1.wav", "test/a/2.wav", "test/b/2.wav"],
}


@pytest.fixture
def data_dir(old, request) -> list[str]:
    """--data_dir of recordings that a flag file's pattern matches, where it needs some."""
    names = RECORDINGS.get(request.node.callspec.params["name"])
    if names is None:
        return []
    with wave.open(str(old.path / "recordings/hum_1_0.wav")) as file:
        samples, rate = file.readframes(file.getnframes()), file.getframerate()
    for name in names:
        path = old.path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with soundfile.SoundFile(path, "w", rate, 1, "PCM_16") as file:
            file.buffer_write(samples, "int16")
    return ["--data_dir=data"]


def plan_of(output: str) -> tuple[int, int, int]:
    """(images, frames, mel_bins) in what --dry_run prints."""
    (found,) = re.findall(r"total ([\d,]+) images, final \(frames, mel_bins\) = \((\d+), (\d+)\)", output)
    return tuple(int(number.replace(",", "")) for number in found)


@pytest.mark.parametrize("command", ["train", "experiment"])
@pytest.mark.parametrize("name", PLANS)
def test_old_flag_file_gives_its_plan(old, data_dir, name, command):
    arguments = [f"--flagfile=flags/{name}.flags", *data_dir, "--output_dir=new", "--train_root_dir=new", "--dry_run"]
    assert plan_of(old.run_bare(command, *arguments)) == PLANS[name]
    assert not (old.path / "new").exists()


def test_flag_files_of_the_old_commit_are_all_tried(old):
    assert {path.stem for path in (old.path / "flags").glob("*.flags")} == {*PLANS, "every_flag"}


def test_every_old_flag_is_accepted(old):
    text = (old.path / "flags/every_flag.flags").read_text(encoding="utf-8")
    assert text.count("\n--") == 102 and "--real_share=0\n" in text
    assert plan_of(old.run_bare("train", "--flagfile=flags/every_flag.flags")) == (96, 8, 8)
    assert "8 classifiers" in old.run_bare("report", "--flagfile=flags/every_flag.flags")
