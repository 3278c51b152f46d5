"""Clips of all generators beside real ones, to look at, and sounds of those that make waveforms."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile

from gansynth_isa.checks.rivals.lines import LABELS_ONLY
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.data.clip_sets.loading import load_clips
from gansynth_isa.files import file_name, replace_file
from gansynth_isa.generators.base import TrainedGenerator
from gansynth_isa.generators.generation import load_generator
from gansynth_isa.runs.clip_pictures import SamplePictures, encode_png
from gansynth_isa.spectral.normalizers import SIMPLE_NORMALIZER, fit_normalizer
from gansynth_isa.spectral.sound import loud

PICTURE_FILE = "clips.png"
REAL_COLUMNS = 2


def show(generator_dirs: Sequence[Path], output_dir: Path, feature_cache_dir: str | None) -> None:
    """Writes `clips.png`, a row per class and a column per generator, and a FLAC file per class of waveforms.

    Args:
      generator_dirs: WORK/SET/DRAW/FOLDER/gans/NAME, of one set and draw; kinds that no table names are left out.
      output_dir: for picture and sounds.
      feature_cache_dir: as `load_clips` takes it.

    Raises:
      InputError: the recordings are gone, or a folder cannot be written.
    """
    by_title = _titled(generator_dirs)
    if not by_title:
        return
    origin = next(iter(by_title.values())).provenance
    real = load_clips(origin.data, origin.features, None, feature_cache_dir)
    pixels = _picture(real, by_title, origin.data, origin.features)
    replace_file(output_dir / PICTURE_FILE, lambda file: file.write(encode_png(pixels)))
    for title, trained in by_title.items():
        _write_sounds(trained, output_dir / file_name(title))


def _titled(generator_dirs: Sequence[Path]) -> dict[str, TrainedGenerator]:
    """Title -> generator, in the order of the table."""
    loaded = [(path.parents[1].name, load_generator(path, warn=_ignore)) for path in generator_dirs]
    by_place = {(folder, trained.provenance.kind): trained for folder, trained in loaded}
    places = [(rival.title, (rival.line[0], rival.line[2])) for rival in LABELS_ONLY]
    return {title: by_place[place] for title, place in places if place in by_place}


def _picture(
    real: ClipSet, by_title: Mapping[str, TrainedGenerator], data: DataConfig, features: FeatureConfig
) -> np.ndarray:
    names = next(iter(by_title.values())).class_names
    labels = np.arange(len(names))
    normalizer = fit_normalizer(SIMPLE_NORMALIZER, np.asarray(real.spectrograms), 1.0)
    columns = [_real_column(real, names, number) for number in range(REAL_COLUMNS)]
    columns += [trained.clips(labels, 0) for trained in by_title.values()]
    rows = np.stack([np.clip(normalizer.normalize(column), -1.0, 1.0) for column in columns], axis=1)
    titles = {0: "real"} | {REAL_COLUMNS + number: title for number, title in enumerate(by_title)}
    return SamplePictures(features, data.sample_rate, names).draw(rows, titles, "A clip of each class")


def _real_column(real: ClipSet, names: Sequence[str], number: int) -> np.ndarray:
    """One clip of each class; of further columns from the middle of the class on."""
    places = [np.flatnonzero(real.labels == real.class_names.index(name)) for name in names]
    return np.asarray(real.spectrograms[[members[number * len(members) // REAL_COLUMNS] for members in places]])


def _write_sounds(trained: TrainedGenerator, folder: Path) -> None:
    waveforms = trained.waveforms(np.arange(len(trained.class_names)), 0)
    if waveforms is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, sound in zip(trained.class_names, loud(waveforms), strict=True):
        soundfile.write(folder / f"{file_name(name)}.flac", sound, trained.provenance.data.sample_rate)


def _ignore(line: str) -> None:
    """What loading passes over was said when the experiment loaded it."""
