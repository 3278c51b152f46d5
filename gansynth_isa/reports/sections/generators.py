"""The parts of a report on GANs and settings: synthetic clips, training curves, configuration."""

from collections import defaultdict
from collections.abc import Sequence

from gansynth_isa.config import DataConfig
from gansynth_isa.config.identity import setting_names
from gansynth_isa.errors import printable
from gansynth_isa.experiments.rows.cells import GANSYNTH, generator_of
from gansynth_isa.files import file_name
from gansynth_isa.reports.content import Block, Folded, Picture, Section, Table, Text
from gansynth_isa.reports.experiment_files import ExperimentFiles, GeneratorFolder
from gansynth_isa.reports.figures import figure_bytes, training_figure
from gansynth_isa.reports.sections.instruments import instrument_blocks
from gansynth_isa.reports.statistics.summary import summarise_gans
from gansynth_isa.reports.tables import gan_table
from gansynth_isa.reports.wording import generators_of
from gansynth_isa.validation import Decides, known, leaves

MEASURES = (
    "Class agreement: share of synthetic clips to which a classifier trained on all real training recordings assigns "
    "the wanted class. Relative spread: spread within a class, real clips being 1. Nearest real: distance to the "
    "nearest clip the {one} was trained on, 1 being that of real clips among themselves."
)
NO_PICTURES = (
    "Clips are not shown: the folder holds no pictures of them. They lie in gans/*/samples on the machine that trained "
    "the GANs; results.jsonl and gans.jsonl alone, carried elsewhere, bring the numbers of this report but no pictures."
)
NO_PICTURES_OF_OTHERS = (
    "Clips are not shown: the folder holds no pictures of them. Not every kind of generator leaves some; those that do "
    "keep them in gans/*/samples."
)
NO_CURVES_OF_OTHERS = "Curves are not shown: the folder holds none. Not every kind of generator trains step by step."
NO_CURVES = (
    "Curves are not shown: the folder holds no reports of GANs. They lie in gans/*/metrics.jsonl on the machine that "
    "trained them."
)
CHANCE_MARGIN = 0.05  # class agreement above 1 / classes up to which the clips say nothing of their class
_CURVE_KEYS = ("stage", "image", "real_score", "fake_score", "real_class_accuracy", "fake_class_accuracy")
# Where recordings lay says nothing about the results, and something about the machine.
_HIDDEN_SETTINGS = setting_names(DataConfig, Decides.PLACE)


def clip_section(files: ExperimentFiles) -> Section:
    """Measures of the synthetic clips, and clips beside real ones for one generator of every kind and level."""
    blocks: list[Block] = []
    one = "GAN" if files.generators == [GANSYNTH] else "generator"
    if files.gan_rows:
        blocks += [Text(MEASURES.format(one=one)), gan_table(summarise_gans(files.gan_rows)), *_at_chance(files)]
        blocks += instrument_blocks(files.gan_rows)
    pictured = [folder for folder in files.generator_folders if folder.picture is not None]
    blocks += [_clips(folders) for folders in _by_kind_and_level(pictured)]
    if not pictured:
        blocks.append(Text(NO_PICTURES if _may_be_of_the_paper(files) else NO_PICTURES_OF_OTHERS))
    return Section("clips", "Synthetic and real clips", blocks)


def curve_section(files: ExperimentFiles) -> Section:
    """Training curves, one figure per kind of generator and level."""
    drawn = [each for each in files.generator_folders if _has_curves(each)]
    if not drawn:
        missing = NO_CURVES if _may_be_of_the_paper(files) else NO_CURVES_OF_OTHERS
        return Section("curves", "Training curves", [Text(missing)])
    text = (
        "Above: the discriminator's mean score of real clips minus that of synthetic ones; the smaller, the harder "
        "they are to tell apart. Below: the share of clips to which it assigns the right class. Grey: a new block "
        "fades in."
    )
    blocks: list[Block] = [Text(text)]
    for folders in _by_kind_and_level(drawn):
        title = f"{generators_of(folders[0].kind)} on {folders[0].level} clips per class"
        picture = figure_bytes(training_figure(folders, title), "svg")
        name = f"training_{_prefix(folders[0].kind)}{folders[0].level}.svg"
        blocks.append(Picture(name, picture, f"Training curves of the {title}."))
    return Section("curves", "Training curves", blocks)


def setting_section(files: ExperimentFiles) -> Section:
    """Versions, data and all settings, from `grid.json`."""
    if files.description is None:
        return Section("settings", "Configuration and versions", [Text("The folder holds no grid.json.")])
    description = files.description
    data = description.get("data", {})
    facts = [
        ["data set", printable(str(description.get("dataset") or files.dataset_name))],
        ["classes", printable(", ".join(map(str, description.get("class_names", files.class_names))))],
        ["recordings", str(len(data.get("files", ())))],
        ["SHA-256 of the data", str(data.get("sha256", ""))],
        *([name, str(version)] for name, version in description.get("versions", {}).items()),
    ]
    settings = [
        [name, _setting(value)]
        for name, value in leaves(description.get("configuration", {})).items()
        if name not in _HIDDEN_SETTINGS
    ]
    blocks: list[Block] = [
        Table("versions", ["what", "value"], facts, is_prose=True),
        Folded("All settings", [Table("settings", ["setting", "value"], settings, is_prose=True)]),
    ]
    return Section("settings", "Configuration and versions", blocks)


def _has_curves(folder: GeneratorFolder) -> bool:
    return len(folder.metrics) > 0 and all(set(_CURVE_KEYS) <= row.keys() for row in folder.metrics)


def _clips(folders: Sequence[GeneratorFolder]) -> Picture:
    """The picture of the first of some generators of one kind and level."""
    shown, level = folders[0], folders[0].level
    others = f"; the folder holds pictures of {len(folders)} {generators_of(shown.kind)}" if len(folders) > 1 else ""
    made_of = "fixed latents" if shown.kind == GANSYNTH else "synthetic clips"
    who = "the GAN" if shown.kind == GANSYNTH else "the generator"
    return Picture(
        f"clips_{_prefix(shown.kind)}{level}.png",
        known(shown.picture).read_bytes(),
        f"Log-mel spectrograms of synthetic clips beside real ones, {level} clips per class, one row per class.",
        f"{level} clips per class, {shown.name}: {made_of} beside clips {who} was trained on; time to the "
        f"right, frequency up{others}.",
        is_wide=True,
    )


def _at_chance(files: ExperimentFiles) -> list[Text]:
    """A notice per kind that names the generators whose clips carry no class, where there are some."""
    limit = 1 / len(files.class_names) + CHANCE_MARGIN
    notices = []
    for kind in files.generators:
        rows = [row for row in files.gan_rows if generator_of(row) == kind]
        found = [row for row in rows if row["class_agreement"] <= limit]
        if not found:
            continue
        names = ", ".join(
            f"{row['level']} clips, fold {row['fold']}, draw {row['subset_seed']} ({row['class_agreement']:.2f})"
            for row in found
        )
        methods, one = ("GAN methods", "a GAN") if kind == GANSYNTH else (f"methods with {kind}", "such a generator")
        notices.append(
            f"{len(found)} of {len(rows)} {generators_of(kind)} are at chance ({limit:.2f} or less): {names}. What the "
            f"{methods} reach there is what wrongly labelled clips do, not what {one} can do."
        )
    return [Text(notice, is_notice=True) for notice in notices]


def _by_kind_and_level(folders: Sequence[GeneratorFolder]) -> list[list[GeneratorFolder]]:
    groups = defaultdict(list)
    for folder in folders:
        groups[folder.kind, folder.level].append(folder)
    return list(groups.values())


def _may_be_of_the_paper(files: ExperimentFiles) -> bool:
    """Whether the experiment has generators of the paper's kind, or none that its rows know of."""
    return not files.generators or GANSYNTH in files.generators


def _prefix(kind: str) -> str:
    """What names of files of other kinds than the paper's begin with."""
    return "" if kind == GANSYNTH else f"{file_name(kind)}_"


def _setting(value: object) -> str:
    if isinstance(value, list):
        return printable(", ".join(map(str, value)))
    return "not set" if value is None else printable(str(value))
