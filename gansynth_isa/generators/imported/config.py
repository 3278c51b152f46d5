"""Settings of imported clips."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting


@dataclass(frozen=True)
class ImportedConfig(Validated):
    """Imported clips, of which some are drawn."""

    imported_dir: str | None = setting(
        None,
        "folder of imported clips, from gansynth_isa_import, in the place of a generator",
        Decides.PLACE,
    )
    imported_sha256: str | None = setting(
        None, "checksum of the files that they were imported from, hexadecimal; others are refused", Decides.TRAINING
    )
