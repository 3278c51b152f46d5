"""What systems, network drives and programs leave among recordings: never recordings, whatever their names end in."""

from collections import Counter
from collections.abc import Iterable

from gansynth_isa.errors import printable

# In small letters: of Synology and QNAP drives, NetApp, Windows, macOS, Linux, and what synchronises.
_FOLDERS = """@eadir #recycle #snapshot @recycle @recently-snapshot @transcode @tmp @sharebin @synoresource ~snapshot
.snapshot .snapshots .zfs $recycle.bin found.000 lost+found __macosx .appledouble .trash .trashes .spotlight-v100
.fseventsd .temporaryitems .documentrevisions-v100 .stfolder .stversions .sync .dropbox.cache"""
FOLDERS = frozenset({*_FOLDERS.split(), "system volume information", "network trash folder", "temporary items"})
FOLDER_STARTS = (".trash-", ".@__", "@gmt-")
FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".directory", "icon\r"})
FILE_STARTS = ("._", "~$", ".~lock.", ".syncthing.", "~syncthing~")
# Half a download, a copy kept aside, and what editors of sound keep beside a recording.
_ENDS = """.part .partial .crdownload .download .filepart .opdownload .!qb .!ut .unfinished .tmp .temp .swp ~ .bak
@synoeastream @synoresource :zone.identifier .reapeaks .reapindex .pkf .sfk .sfl .gpk .asd .peak"""
FILE_ENDS = tuple(_ENDS.split())
MAX_KINDS_SHOWN = 5


def is_left_behind(path: str) -> bool:
    """Whether a POSIX path, of a file or a folder, is one that systems leave behind or lies in a folder of them."""
    return kind_of_leftover(path) is not None


def is_hidden(path: str) -> bool:
    """Whether a file is no recording because of its name or place: left behind by a system, or hidden by a dot."""
    return is_left_behind(path) or any(part.startswith(".") for part in path.split("/"))


def is_folder_to_pass_by(name: str) -> bool:
    """Whether a folder of this name is not looked into: it may hold whole copies of a drive, or be unreadable."""
    return name.startswith(".") or _is_folder(name)


def kind_of_leftover(path: str) -> str | None:
    """The part of a path that says who left it behind, such as '@eaDir' or '._*'; None for others."""
    *folders, name = path.rstrip("/").split("/")
    for folder in (*folders, name):
        if _is_folder(folder):
            return folder
    lower = name.lower()
    if lower in FILES:
        return name
    for start in FILE_STARTS:
        if lower.startswith(start):
            return f"{start}*"
    ends = [end for end in FILE_ENDS if lower.endswith(end)]
    return f"*{ends[0]}" if ends else None


def leftovers_text(paths: Iterable[str]) -> str:
    """How many of the paths systems left behind, and of which kinds; an empty text where there are none."""
    kinds = Counter(kind for path in paths if (kind := kind_of_leftover(path)))
    if not kinds:
        return ""
    names = [printable(kind) for kind, _ in kinds.most_common(MAX_KINDS_SHOWN)]
    shown = ", ".join([*names, "..."] if len(kinds) > MAX_KINDS_SHOWN else names)
    return f"{kinds.total()} left behind by systems ({shown})"


def _is_folder(name: str) -> bool:
    return name.lower() in FOLDERS or name.lower().startswith(FOLDER_STARTS)
