"""The parts of a report on GANs and settings: synthetic clips, training curves, configuration."""

from collections.abc import Sequence

from gansynth_isa.config import DataConfig
from gansynth_isa.config.identity import setting_names
from gansynth_isa.reports.content import Block, Folded, Picture, Section, Table, Text
from gansynth_isa.reports.experiment_files import ExperimentFiles, GanRun
from gansynth_isa.reports.figures import figure_bytes, training_figure
from gansynth_isa.reports.statistics.summary import summarise_gans
from gansynth_isa.reports.tables import gan_table
from gansynth_isa.validation import Decides, leaves

MEASURES = (
    "Class agreement: share of synthetic clips to which a classifier trained on all real training recordings assigns "
    "the wanted class. Relative spread: spread within a class, real clips being 1. Nearest real: distance to the "
    "nearest clip the GAN was trained on, 1 being that of real clips among themselves."
)
NO_PICTURES = (
    "Clips are not shown: the folder holds no pictures of them. They lie in gans/*/samples on the machine that trained "
    "the GANs; results.jsonl and gans.jsonl alone, carried elsewhere, bring the numbers of this report but no pictures."
)
NO_CURVES = (
    "Curves are not shown: the folder holds no reports of GANs. They lie in gans/*/metrics.jsonl on the machine that "
    "trained them."
)
CHANCE_MARGIN = 0.05  # class agreement above 1 / classes up to which the clips say nothing of their class
_CURVE_KEYS = ("stage", "image", "real_score", "fake_score", "real_class_accuracy", "fake_class_accuracy")
# Where recordings lay says nothing about the results, and something about the machine.
_HIDDEN_SETTINGS = setting_names(DataConfig, Decides.PLACE)


def clip_section(files: ExperimentFiles) -> Section:
    """Measures of the synthetic clips, and clips beside real ones for one GAN of every level."""
    blocks: list[Block] = []
    if files.gan_rows:
        blocks += [Text(MEASURES), gan_table(summarise_gans(files.gan_rows)), *_at_chance(files)]
    pictured = [run for run in files.gan_runs if run.picture is not None]
    for level in sorted({run.level for run in pictured}):
        runs = [run for run in pictured if run.level == level]
        blocks.append(_clips(level, runs))
    if not pictured:
        blocks.append(Text(NO_PICTURES))
    return Section("clips", "Synthetic and real clips", blocks)


def curve_section(files: ExperimentFiles) -> Section:
    """Training curves, one figure per level."""
    runs = [run for run in files.gan_runs if run.metrics and all(key in run.metrics[-1] for key in _CURVE_KEYS)]
    if not runs:
        return Section("curves", "Training curves", [Text(NO_CURVES)])
    text = (
        "Above: the discriminator's mean score of real clips minus that of synthetic ones; the smaller, the harder "
        "they are to tell apart. Below: the share of clips to which it assigns the right class. Grey: a new block "
        "fades in."
    )
    blocks: list[Block] = [Text(text)]
    for level in sorted({run.level for run in runs}):
        title = f"GANs on {level} clips per class"
        figure = training_figure([run for run in runs if run.level == level], title)
        alt = f"Training curves of the {title}."
        blocks.append(Picture(f"training_{level}.svg", figure_bytes(figure, "svg"), alt))
    return Section("curves", "Training curves", blocks)


def setting_section(files: ExperimentFiles) -> Section:
    """Versions, data and all settings, from `experiment.json`."""
    if files.description is None:
        return Section("settings", "Configuration and versions", [Text("The folder holds no experiment.json.")])
    description = files.description
    data = description.get("data", {})
    facts = [
        ["data set", str(description.get("dataset") or files.dataset_name)],
        ["classes", ", ".join(map(str, description.get("class_names", files.class_names)))],
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


def _clips(level: int, runs: Sequence[GanRun]) -> Picture:
    shown = runs[0]
    others = f"; the folder holds pictures of {len(runs)} GANs" if len(runs) > 1 else ""
    return Picture(
        f"clips_{level}.png",
        shown.picture.read_bytes(),
        f"Log-mel spectrograms of synthetic clips beside real ones, {level} clips per class, one row per class.",
        f"{level} clips per class, {shown.name}: fixed latents beside clips the GAN was trained on; time to the "
        f"right, frequency up{others}.",
        is_wide=True,
    )


def _at_chance(files: ExperimentFiles) -> list[Text]:
    """A notice that names the GANs whose clips carry no class, where there are some."""
    limit = 1 / len(files.class_names) + CHANCE_MARGIN
    found = [row for row in files.gan_rows if row["class_agreement"] <= limit]
    if not found:
        return []
    names = ", ".join(
        f"{row['level']} clips, fold {row['fold']}, draw {row['subset_seed']} ({row['class_agreement']:.2f})"
        for row in found
    )
    text = (
        f"{len(found)} of {len(files.gan_rows)} GANs are at chance ({limit:.2f} or less): {names}. What the "
        "GAN methods reach there is what wrongly labelled clips do, not what a GAN can do."
    )
    return [Text(text, is_notice=True)]


def _setting(value) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "not set" if value is None else str(value)
