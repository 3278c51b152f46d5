"""Model cards: what a model is, what it was made of, how good it is, and what it is not for (Markdown)."""

import re
from collections.abc import Sequence

from scipy.stats import binomtest

from gansynth_isa.classifiers.folder import StoredClassifier
from gansynth_isa.config import DataConfig, FeatureConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.config.unlabelled import SUPERVISED
from gansynth_isa.errors import printable
from gansynth_isa.generators.base import TrainedGenerator
from gansynth_isa.methods import LDA
from gansynth_isa.tables import escape_markdown, markdown_table

CONFIDENCE = 0.95
MAX_RECORDINGS_SHOWN = 20
NOT_TOLD = "A run of the original GANSynth does not tell its recordings, nor how many clips of each class there were."
GENERATOR_LIMITS = (
    "The clips show what the training recordings hold: other machines, microphones or rooms are not in them.",
    "With few recordings a generator may repeat them; measure that before its clips are passed on.",
    "A classifier must not be tested on recordings that its generator was trained on.",
    "Sound made of the clips is a guess: they hold no phase, or one that a network made.",
)


def classifier_card(stored: StoredClassifier, comparison: str | None = None) -> str:
    """The card of a classifier.

    Args:
      stored: the classifier, with the result of its test.
      comparison: table of LiteRT files against Keras, where there is one.
    """
    result, data = stored.result, stored.data
    parts = [
        f"# Model card: classifier of {escape_markdown(str(data.dataset_name))}",
        f"{_what_learnt(result)} on clips of the data type `{stored.features.data_type}`.",
        "## Data\n" + _data_text(stored.data, stored.features),
        "## Test recordings\n" + _test_text(stored),
        "## Classes and counts\n" + _counts_table(stored.class_names, result["counts"]),
        "## Accuracy\n" + _accuracy_text(result),
        "## Intended use\n" + _intended_use(stored),
        "## Limits\n" + _classifier_limits(result),
    ]
    if comparison:
        parts.insert(-2, "## LiteRT files against Keras\n" + comparison)
    return "\n\n".join(parts) + "\n"


def _taken_text(result: dict) -> str:
    """What a method that chooses among others took."""
    return f", which took `{result['choice']['chosen']}`," if "choice" in result else ""


def generator_card(trained: TrainedGenerator) -> str:
    """The card of a generator of any kind."""
    origin = trained.provenance
    counts = {"train": origin.class_counts} if origin.class_counts else {}
    shape = ", ".join(map(str, origin.features.shape))
    parts = [
        f"# Model card: generator of {escape_markdown(str(origin.data.dataset_name))}",
        f"{trained.summary()} makes labelled clips of the data type `{origin.features.data_type}` and of shape "
        f"({shape}).",
        "## Data\n" + _data_text(origin.data, origin.features),
        "## Test recordings\n" + (_left_out_text(origin.data) if counts else NOT_TOLD),
        "## Classes and counts\n" + _counts_table(origin.class_names, counts) + _guessed_text(origin.recordings),
        "## Accuracy\nA generator has none. `gansynth_isa_evaluate` measures its clips against real ones, and "
        "`gansynth_isa_experiment` whether classifiers gain by them.",
        "## Intended use\nMore training clips for classifiers of the classes above, where recordings are scarce.",
        "## Limits\n" + "\n".join(f"* {limit}" for limit in (*GENERATOR_LIMITS, *trained.limits())),
    ]
    return "\n\n".join(parts) + "\n"


def _guessed_text(recordings: dict) -> str:
    """How many of the clips have no label; empty without such."""
    guessed = recordings.get("guessed", 0)
    return f"\n\n{guessed} of these clips are unlabelled: their classes were guessed." if guessed else ""


def _what_learnt(result: dict) -> str:
    """The beginning of a sentence: what the classifier is, and how it was trained."""
    configuration = result["configuration"]
    if configuration["classifier"] == EMBEDDING:
        return (
            f"A head (`{configuration['embedding_head']}`) of the embeddings of a model with the SHA-256 "
            f"{_code(str(configuration['embedding_sha256']))}, which is not part of this one, fitted"
        )
    if _is_lda(result):
        taken = "" if configuration["method"] == LDA else f", which the method `{configuration['method']}` took,"
        return f"Shrunk linear discriminant analysis of band statistics (`{LDA}`){taken} fitted"
    return (
        f"A {configuration['classifier']} network with softmax output, trained by the method "
        f"`{configuration['method']}`{_taken_text(result)}{_learner_text(configuration)} in {result['steps']} steps"
    )


def _is_lda(result: dict) -> bool:
    """Whether it is no network, by the method that was asked for or by what that took."""
    return LDA in (result["configuration"]["method"], result.get("choice", {}).get("chosen"))


def _learner_text(configuration: dict) -> str:
    """What it learnt from besides the method's clips; results of earlier versions do not know of any."""
    learner, weights = configuration.get("learner", SUPERVISED), configuration.get("classifier_init_sha256")
    text = f" and the learner `{learner}`, from clips without labels too," if learner != SUPERVISED else ""
    return text + (f" from the weights `{weights[:12]}` of another classifier" if weights else "")


def wilson_interval(num_right: int, num_tested: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's formula."""
    interval = binomtest(num_right, num_tested).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def _data_text(data: DataConfig, features: FeatureConfig) -> str:
    seconds = f"{data.clip_seconds:g} s"
    return (
        f"Recordings of the data set {_code(str(data.dataset_name))} (layout `{data.dataset}`), {data.sample_rate} Hz, "
        f"cut into clips of {seconds} (overlap {data.clip_overlap:g}, channels: {data.channels}). Features: FFT "
        f"{features.fft_length}, hop {features.hop_length}, {_channels_text(features)}, {features.frames} frames."
    )


def _channels_text(features: FeatureConfig) -> str:
    return {
        "log_mel": f"{features.mel_bins} mel bins, natural logarithm of power",
        "mel": f"{features.mel_bins} mel bins, natural logarithm of power and instantaneous frequency",
        "linear": f"{features.mel_bins} linear bins, natural logarithm of magnitude and instantaneous frequency",
        "phase": f"{features.mel_bins} linear bins, natural logarithm of magnitude and phase",
    }[features.data_type]


def _test_text(stored: StoredClassifier) -> str:
    """Which recordings the classifier was tested on, and what chose them."""
    recordings = stored.result.get("sources", {}).get("test_recordings")
    if recordings is None:
        return f"{_choice_text(stored.data)} The classifier's folder does not list them."
    names = ", ".join(_code(name) for name in recordings[:MAX_RECORDINGS_SHOWN])
    more = len(recordings) - MAX_RECORDINGS_SHOWN
    return f"{_choice_text(stored.data)} {len(recordings)} recordings: {names}{f' and {more} more' * (more > 0)}."


def _left_out_text(data: DataConfig) -> str:
    return f"{_choice_text(data)} The generator was not trained on them."


def _choice_text(data: DataConfig) -> str:
    """What put recordings on the test side."""
    if data.test_groups:
        flag = _code(f"--test_groups={','.join(data.test_groups)}")
        return f"Those of the groups {_names_text(data.test_groups)} ({flag})."
    return "Those that the data set's own layout, pattern or manifest puts on the test side, if any."


def _counts_table(class_names: Sequence[str], counts: dict[str, dict[str, int]]) -> str:
    if not counts:
        return f"{_names_text(class_names)}. {NOT_TOLD}"
    rows = [[name, *(side.get(name, 0) for side in counts.values())] for name in class_names]
    return markdown_table(["class", *(f"{side} clips" for side in counts)], rows)


def _code(text: str) -> str:
    """A name as code, in which Markdown reads nothing; one with backticks stands between more of them."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{printable(text)}{pad}{fence}"


def _names_text(names: Sequence[str]) -> str:
    return ", ".join(map(escape_markdown, names))


def _accuracy_text(result: dict) -> str:
    tested = {"clip": sum(result["counts"]["test"].values()), "file": result.get("num_test_files", 0)}
    lines = []
    for unit, num_tested in tested.items():
        accuracy = result[f"accuracy_per_{unit}"]
        if accuracy is None or not num_tested:
            continue
        low, high = wilson_interval(round(accuracy * num_tested), num_tested)
        lines.append(f"* per {unit}: {accuracy:.3f}, 95 % interval {low:.3f} to {high:.3f} ({num_tested} test {unit}s)")
    if not lines:
        return "Not tested: there were no test clips."
    recall = ", ".join(
        f"{escape_markdown(name)} {'-' if value is None else f'{value:.2f}'}"
        for name, value in result["recall"].items()
    )
    lines.append(f"* recall per clip: {recall}")
    lines.append("\nThe intervals (Wilson) take the tested units to be independent; clips of one recording are not.")
    return "\n".join(lines)


def _intended_use(stored: StoredClassifier) -> str:
    names = _names_text(stored.class_names)
    return (
        f"Telling {names} apart in recordings made like the training recordings: same machine, microphone and place. "
        "Long recordings are cut into clips and the probabilities averaged."
    )


def _classifier_limits(result: dict) -> str:
    source = "a network's softmax"
    if _is_lda(result):
        source = "those of Gaussian classes"
    elif result["configuration"]["classifier"] == EMBEDDING:
        source = "those of a linear model"
    limits = [
        "Every sound is given one of the classes above, also one that belongs to none of them.",
        f"Probabilities are {source} and have not been calibrated.",
        "Other microphones, levels, rooms or machines were not tested.",
    ]
    if "synthetic" in result["counts"]:
        limits.append("Part of the training clips were synthetic.")
    if imported := result.get("imported_clips"):
        source = escape_markdown(str(imported.get("source")))
        limits.append(f"The synthetic clips were imported from: {source}. What their maker had heard is unknown.")
    return "\n".join(f"* {limit}" for limit in limits)
