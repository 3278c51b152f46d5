"""Settings of a classifier of embeddings, which are among those of classifiers."""

from dataclasses import dataclass

from gansynth_isa.validation import Decides, Validated, setting

EMBEDDING = "embedding"  # a model of the user's maps waveforms to vectors, and a small head tells classes


@dataclass(frozen=True)
class EmbeddingSettings(Validated):
    """Which model maps waveforms to vectors, and what becomes of these."""

    embedding_model: str | None = setting(
        None,
        "folder of a SavedModel, or a .tflite or .keras file, that maps a mono waveform to a vector or one per frame",
        Decides.PLACE,
    )
    embedding_sha256: str | None = setting(
        None, "checksum of --embedding_model, hexadecimal; another model is refused", Decides.TRAINING
    )
    embedding_sample_rate: int | None = setting(
        None,
        "rate that the model takes, in Hz; default: what a LiteRT file states in its metadata",
        Decides.TRAINING,
        minimum=1000,
        maximum=384000,
    )
    embedding_seconds: float | None = setting(
        None,
        "length of waveform that the model is given, in s: clips are repeated or cut to it; default: what the model "
        "takes, or whole clips",
        Decides.TRAINING,
        above=0.0,
    )
    embedding_output: str | None = setting(
        None,
        "which output of the model; default: the only one, or the one with embedding in its name",
        Decides.TRAINING,
    )
    embedding_pooling: str = setting(
        "mean",
        "what is taken of the vectors of a clip's frames: their mean, or mean and deviation",
        Decides.TRAINING,
        choices=("mean", "mean_deviation"),
    )
    embedding_head: str = setting(
        "discriminant",
        "what tells classes from vectors: a shrunk linear discriminant, or logistic regression",
        Decides.TRAINING,
        choices=("discriminant", "logistic"),
    )
