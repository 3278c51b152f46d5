"""Writes what no command writes: a clip of the exported generator, report digests, package versions.

Run by write_artefacts.sh in the folder of the artefacts.
"""

import contextlib
import hashlib
import io
import json
import shutil
import tempfile
from importlib import metadata
from pathlib import Path

import keras
import numpy as np

from gansynth_isa.cli import generate, report

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results" / "gan_as_published"
LATENTS = [[0.5, -1.0, 1.5, 0.25], [-0.75, 0.0, 1.0, -2.0]]
# What the name of an entry of the feature cache depends on.
PACKAGES = ("tensorflow", "soxr", "soundfile", "numpy")


def write(path: str, value) -> None:
    Path(path).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def generator_clips() -> dict:
    """Inputs of the exported generator and its clips, rounded to what float32 holds."""
    with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as folder:
        # Any command that builds the generator makes its layers known to Keras.
        generate.main(["generate", "--train_root_dir=finished_run", f"--output_dir={folder}", "--samples_per_class=1"])
    model = keras.models.load_model("generator/generator.keras", compile=False, safe_mode=True)
    clips = model({"latents": np.array(LATENTS, np.float32), "class_index": np.array([0, 1], np.int32)})
    return {"latents": LATENTS, "class_index": [0, 1], "log_mel": np.asarray(clips).round(5).tolist()}


def table_lines(text: str) -> bytes:
    """The lines of a Markdown report that are tables."""
    return "".join(line + "\n" for line in text.splitlines() if line.startswith("|")).encode()


def report_digests() -> dict:
    """{set: {file: SHA-256}} of the reports of the published rows; 'report.md tables' are its table lines alone."""
    digests = {}
    for rows in sorted(RESULTS.glob("*/results.jsonl")):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            for name in ("results.jsonl", "gans.jsonl"):
                shutil.copy(rows.parent / name, folder)
            report.main(["report", f"--experiment_dir={folder}"])
            contents = {path.name: path.read_bytes() for path in sorted(Path(folder, "report_files").glob("*.csv"))}
            contents["report.md"] = Path(folder, "report.md").read_bytes()
            contents["report.md tables"] = table_lines(contents["report.md"].decode())
        digests[rows.parent.name] = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    return digests


if __name__ == "__main__":
    write("expected/generator_clips.json", generator_clips())
    write("report_digests.json", report_digests())
    write("expected/versions.json", {package: metadata.version(package) for package in PACKAGES})
