"""Folders and manifests with something wrong, each with what a message about it must name."""

import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gansynth_isa.checks.damaged.files import NUM_SAMPLES, encode

MANIFEST = "recordings.csv"
COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "größe") for form in ("NFC", "NFD"))


@dataclass(frozen=True)
class DamagedFolder:
    """A data set that must be refused.

    Attributes:
      kind: what is wrong.
      make: makes it below an empty folder.
      named: a text that the message must hold, often the file's name.
      flags: further flags of the command.
    """

    kind: str
    make: Callable[[Path], object]
    named: str
    flags: tuple[str, ...] = ()


def damaged_folders() -> Iterator[DamagedFolder]:
    """All of them."""
    yield from _folders()
    yield from _places()
    yield from _names()
    yield from _splits()
    yield from _leftovers()
    for kind, text, named in MANIFESTS:
        yield DamagedFolder(f"manifest: {kind}", _with_manifest(text), named, (f"--manifest={{root}}/{MANIFEST}",))
    yield DamagedFolder("manifest: missing", make_sound, "is not there", (f"--manifest={{root}}/{MANIFEST}",))
    yield DamagedFolder("manifest: a folder", make_sound, "is a folder", ("--manifest={root}/ball",))


def make_sound(root: Path, names: tuple[str, ...] = ("ball/1.wav", "ball/2.wav", "nut/1.wav", "nut/2.wav")) -> None:
    """A data set with nothing wrong: two classes of two recordings."""
    for seed, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(np.random.default_rng(seed).normal(0.0, 0.1, (NUM_SAMPLES, 1)), "WAV", "PCM_16"))


# What the manifest holds (text, or bytes where it is no text), and what the message must name.
MANIFESTS = (
    ("empty", "", "expected the columns path, label"),
    ("no rows", "path,label\n", "a header without rows"),
    ("no label", "path,split\nball/1.wav,train\n", "path, label"),
    ("no path", "file,label\nball/1.wav,ball\n", "path, label"),
    ("misspelt column", "path,lable\nball/1.wav,ball\n", "did you mean 'lable'"),
    ("column twice", "path,label,label\nball/1.wav,ball,nut\n", "label once"),
    ("other separator", "path|label\nball/1.wav|ball\n", "path|label"),
    ("10,000 columns", f"path,lable{',x' * 10_000}\n", "and 9997 more"),
    ("a cell of 200 kB", f"path,label\n{'x' * 200_000},ball\n", MANIFEST),
    ("a path of 5 kB", f"path,label\n{'x' * 5_000}.wav,ball\nnut/1.wav,nut\n", "File name too long"),
    ("row twice", "path,label\nball/1.wav,ball\nnut/1.wav,nut\nball/1.wav,ball\n", "ball/1.wav is in line 2"),
    ("row twice by another way", "path,label\nball/1.wav,ball\n./ball/1.wav,nut\n", "ball/1.wav is in line 2"),
    ("climbs out", "path,label\n../ball/1.wav,ball\nnut/1.wav,nut\n", "../ball/1.wav"),
    ("climbs out in the middle", "path,label\nball/../../1.wav,ball\nnut/1.wav,nut\n", "ball/../../1.wav"),
    ("absolute path", "path,label\n/etc/passwd,ball\nnut/1.wav,nut\n", "/etc/passwd"),
    ("a drive", "path,label\nC:/sound/1.wav,ball\nnut/1.wav,nut\n", "C:/sound/1.wav"),
    ("UTF-16", "path,label\nball/1.wav,ball\n".encode("utf-16"), MANIFEST),
    ("backslashes", "path,label\nball\\1.wav,ball\nnut/1.wav,nut\n", "ball\\\\1.wav"),
    ("no text in path", "path,label\n,ball\nnut/1.wav,nut\n", "line 2"),
    ("no text in label", "path,label\nball/1.wav,\nnut/1.wav,nut\n", "line 2"),
    ("unknown split", "path,label,split\nball/1.wav,ball,validation\n", "'validation'"),
    ("split for some", "path,label,split\nball/1.wav,ball,train\nnut/1.wav,nut,\n", "nut/1.wav"),
    ("too few cells", "path,label\nball/1.wav\n", "line 2"),
    ("too many cells", "path,label\nball/1.wav,ball,x\n", "line 2"),
    ("open quote", 'path,label\n"ball/1.wav,ball\n', MANIFEST),
    ("zero byte", "path,label\nball/1\0.wav,ball\nnut/1.wav,nut\n", MANIFEST),
    ("not UTF-8", b"path,label\nball/1.wav,b\xe4ll\n", MANIFEST),
    ("no text at all", bytes(range(256)) * 4, MANIFEST),
    ("lists a missing file", "path,label\nball/9.wav,ball\nnut/1.wav,nut\n", "ball/9.wav"),
    ("lists a folder", "path,label\nball,ball\nnut/1.wav,nut\n", "ball: expected a recording, found a folder"),
    ("lists a text file", f"path,label\n{MANIFEST},ball\nnut/1.wav,nut\n", MANIFEST),
    ("lists what systems leave behind", "path,label\n#recycle/1.wav,ball\nnut/._1.wav,nut\n", "2 files of systems"),
    ("row twice in two forms", f"path,label\n{COMPOSED}.wav,a\n{DECOMPOSED}.wav,b\n", f"{COMPOSED}.wav is in line 2"),
    ("one class", "path,label\nball/1.wav,ball\nnut/1.wav,ball\n", "'ball'"),
    ("a class without training", "path,label,split\nball/1.wav,ball,train\nnut/1.wav,nut,test\n", "class 'nut'"),
    (
        "a group on both sides",
        "path,label,split,group\nball/1.wav,ball,train,7\nnut/1.wav,nut,train,\nnut/2.wav,nut,test,7\n",
        "got '7' on both",
    ),
)


def _folders() -> Iterator[DamagedFolder]:
    yield DamagedFolder("folder: empty", lambda root: None, "empty folder")
    yield DamagedFolder("folder: missing", lambda root: None, "does not exist", ("--data_dir={root}/gone",))
    yield DamagedFolder("folder: a file", make_sound, "is a file", ("--data_dir={root}/ball/1.wav",))
    yield DamagedFolder("folder: no recordings", lambda root: (root / "notes.txt").write_bytes(b"x"), "notes.txt")
    yield DamagedFolder("folder: one class", lambda root: make_sound(root, ("ball/1.wav", "ball/2.wav")), "'ball'")
    yield DamagedFolder("folder: an archive alone", lambda root: (root / "set.zip").write_bytes(b"PK"), "set.zip")
    yield DamagedFolder("folder: no classes", lambda root: make_sound(root, ("1.wav", "2.wav")), "1.wav")


def _places() -> Iterator[DamagedFolder]:
    """Things in the place of the recording nut/3.wav."""
    makers = {
        "a folder": lambda path: path.mkdir(),
        "a broken link": lambda path: path.symlink_to("nowhere.wav"),
        "a link to itself": lambda path: path.symlink_to(path.name),
        "a link to a folder": lambda path: path.symlink_to("../ball"),
        "a link to a device": lambda path: path.symlink_to("/dev/zero"),
        "a pipe": os.mkfifo,
    }
    if os.geteuid() != 0:  # to the superuser every file is readable
        makers["unreadable"] = lambda path: (path.write_bytes(b"x"), path.chmod(0))
    for kind, make in makers.items():
        yield DamagedFolder(f"recording: {kind}", _with_bad("nut/3.wav", make), "3.wav")


def _names() -> Iterator[DamagedFolder]:
    """An empty file under a difficult name; the message shows what can be printed."""
    names = {
        "spaces": ("nut/a b  c.wav", "a b  c.wav"),
        "a newline": ("nut/a\nb.wav", "a\\nb.wav"),
        "a tab and an escape": ("nut/a\tb\x1b[31m.wav", "a\\tb\\x1b[31m.wav"),
        "letters of other alphabets": ("nut/Mutter_größe_螺母.wav", "Mutter_größe_螺母.wav"),
        "bytes that are no text": (os.fsdecode(b"nut/a\xff.wav"), "a\\udcff.wav"),
        "percent signs and braces": ("nut/%s{0}.wav", "%s{0}.wav"),
    }
    for kind, (name, shown) in names.items():
        yield DamagedFolder(f"name: {kind}", _with_bad(name, lambda path: path.write_bytes(b"")), shown)


def _splits() -> Iterator[DamagedFolder]:
    def test_alone(root: Path) -> None:
        make_sound(root, ("test/coated/1.wav", "test/broken/1.wav"))

    def without_training(root: Path) -> None:
        make_sound(root, ("train/coated/1.wav", "train/broken/1.wav", "test/coated/2.wav", "test/eloxed/1.wav"))

    def unnamed(root: Path) -> None:
        make_sound(root, ("train/1.wav", "test/2.wav"))

    for dataset in ("mb", "pucks"):
        yield DamagedFolder("split: a class without training", without_training, "'eloxed'", (f"--dataset={dataset}",))
        yield DamagedFolder("split: test alone", test_alone, "'broken' has none", (f"--dataset={dataset}",))
        yield DamagedFolder("split: no classes", unnamed, "--manifest", (f"--dataset={dataset}",))


def _leftovers() -> Iterator[DamagedFolder]:
    """Sets that would be usable if what systems leave behind, or a channel that is not there, counted."""

    def binned(root: Path) -> None:
        make_sound(root, ("ball/1.wav", "#recycle/nut/1.wav", "@Recycle/nut/2.wav", "nut/@eaDir/1.wav"))

    def alone(root: Path) -> None:
        make_sound(root, ("nut/@eaDir/1.wav", "$RECYCLE.BIN/nut/1.wav"))

    def emptied(root: Path) -> None:
        make_sound(root)
        for name in ("nut/1.wav", "nut/2.wav"):
            (root / name).write_bytes(b"")

    yield DamagedFolder("leftovers: a class in the bin alone", binned, "'ball'")
    yield DamagedFolder("leftovers: nothing else", alone, "matches none of the 2 there: $RECYCLE.BIN/, nut/@eaDir/")
    yield DamagedFolder("advice: none that ends in another error", emptied, "without them: data_dir: expected training")
    yield DamagedFolder("channels: too few", make_sound, "1.wav", ("--channels=1",))


def _with_bad(name: str, make: Callable[[Path], object]) -> Callable[[Path], None]:
    def make_folder(root: Path) -> None:
        make_sound(root)
        make(root / name)

    return make_folder


def _with_manifest(text: str | bytes) -> Callable[[Path], None]:
    def make_folder(root: Path) -> None:
        make_sound(root)
        (root / MANIFEST).write_bytes(text if isinstance(text, bytes) else text.encode())

    return make_folder
