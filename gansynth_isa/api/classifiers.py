"""Clips to a classifier, and a recording to an answer."""

from dataclasses import replace
from pathlib import Path

from gansynth_isa.api.clips import SplitClips
from gansynth_isa.api.starting import check_type, start, without_advice
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.data.clip_sets.synthetic_clips import SyntheticClips
from gansynth_isa.data.clip_sets.unlabelled import UnlabelledClips
from gansynth_isa.errors import InputError
from gansynth_isa.export.answers import Prediction
from gansynth_isa.export.recording_classifier import RecordingClassifier
from gansynth_isa.methods import method_named


def train_classifier(
    clips: SplitClips,
    settings: ClassifierConfig = ClassifierConfig(),  # noqa: B008 (frozen)
    synthetic: SyntheticClips | None = None,
    folder: Path | str | None = None,
    unlabelled_dir: Path | str | None = None,
) -> RecordingClassifier:
    """Trains a classifier by one of the methods and tests it on the test side.

    Methods compare fairly when each of them is given the same synthetic clips: without `classifier_steps` in the
    settings each gets the steps of the longest. Those without synthetic clips do not train on them.

    Args:
      clips: see `load_clips`; where the test side is empty the scores are None.
      settings: method, network, steps, seed.
      synthetic: of a generator that was trained on the training side of `clips`.
      folder: where the classifier is kept, as by `gansynth_isa_classify`; a finished one is read instead of trained
        again. None keeps nothing.
      unlabelled_dir: folder of recordings without labels, for the learners in the settings that use such.

    Raises:
      InputError: synthetic or unlabelled clips that are missing, do not fit, or come from a test recording; or a folder
        that holds another classifier or cannot be written.
      TrainingDiverged: the loss is no longer finite; a FloatingPointError too.
    """
    check_type("clips", clips, SplitClips)
    check_type("settings", settings, ClassifierConfig)
    if synthetic is not None:
        check_type("synthetic", synthetic, SyntheticClips)
    start()
    from gansynth_isa.classifiers import training
    from gansynth_isa.classifiers.budget import with_equal_steps
    from gansynth_isa.classifiers.starting import with_starting_weights

    if method_named(settings.method).chooses:
        raise InputError(
            f"method: expected one that is trained at once, got {settings.method!r}; use choose_classifier"
        )
    clips, settings = _embedded(clips, settings)
    config = with_starting_weights(settings)
    config = with_equal_steps(config, len(clips.train), 0 if synthetic is None else len(synthetic))
    used = _checked(synthetic, clips) if method_named(config.method).synthetic else None
    with without_advice():
        unlabelled = _unlabelled(unlabelled_dir, clips, config)
        if folder is not None:
            return _trained_in_folder(Path(folder), clips, config, used, unlabelled)
        trained = training.train_classifier(config, clips.train, clips.test, used, unlabelled=unlabelled)
    from gansynth_isa.export.deployed import embedding_transform

    transform = embedding_transform(config, clips.data)
    return RecordingClassifier(
        trained.class_names, clips.data, clips.features, trained.probabilities, dict(trained.result), transform
    )


def _embedded(clips: SplitClips, settings: ClassifierConfig) -> tuple[SplitClips, ClassifierConfig]:
    """Both with what a classifier of embeddings needs; for all others as they are."""
    if settings.classifier != EMBEDDING:
        return clips, settings
    from gansynth_isa.classifiers.embedding.embedder import embed_clips
    from gansynth_isa.classifiers.embedding.settings import with_model

    config = with_model(settings)
    train, test = (embed_clips(side, clips.data, config) for side in (clips.train, clips.test))
    return replace(clips, train=train, test=test), config


def _checked(synthetic: SyntheticClips | None, clips: SplitClips) -> SyntheticClips | None:
    from gansynth_isa.generators.provenance import check_synthetic

    if synthetic is not None:
        return check_synthetic(synthetic, clips.train, clips.test, clips.data, clips.features)
    return None


def _unlabelled(folder: Path | str | None, clips: SplitClips, config: ClassifierConfig) -> UnlabelledClips | None:
    """The clips of a folder without those of labelled recordings; a learner that has no use for them refuses them."""
    from gansynth_isa.classifiers.unlabelled.copies import apart_from
    from gansynth_isa.data.clip_sets.loading import load_unlabelled

    if config.unlabelled != "none":
        raise InputError(f"unlabelled: expected 'none' and an unlabelled_dir, got {config.unlabelled!r}")
    if folder is None:
        return None
    return apart_from(load_unlabelled(folder, clips.data, clips.features), clips.train, clips.test)


def _trained_in_folder(
    folder: Path,
    clips: SplitClips,
    config: ClassifierConfig,
    synthetic: SyntheticClips | None,
    unlabelled: UnlabelledClips | None,
) -> RecordingClassifier:
    from gansynth_isa.classifiers import training
    from gansynth_isa.classifiers.folder import Sources, is_finished, write_classifier
    from gansynth_isa.runs.folder_lock import locked

    sources = Sources.of(clips.train, clips.test, synthetic, unlabelled)
    if not is_finished(folder, config, clips.data, clips.features, sources):
        with locked(folder):
            trained = training.train_classifier(config, clips.train, clips.test, synthetic, unlabelled=unlabelled)
            write_classifier(folder, trained, clips.data, clips.features, sources)
    return load_classifier(folder)


def load_classifier(folder: Path | str, embedding_model: Path | str | None = None) -> RecordingClassifier:
    """The classifier in a folder of `train_classifier`, `gansynth_isa_classify` or `gansynth_isa_export`.

    Args:
      folder: or a .tflite file in one.
      embedding_model: of a classifier of embeddings, where its model is not where it was; another one is refused.

    Raises:
      InputError: no classifier there, or one that is damaged, unsafe or of another version; or another model.
    """
    start()
    from gansynth_isa.export import deployed

    return deployed.load_classifier(Path(folder), None if embedding_model is None else str(embedding_model))


def predict(classifier: RecordingClassifier, recording: Path | str) -> Prediction:
    """The class of a recording, as `gansynth_isa_predict` tells it.

    Args:
      classifier: trained or loaded.
      recording: a WAV, FLAC or OGG file; it is cut as the classifier's training recordings were.

    Raises:
      InputError: the recording cannot be read, lacks the channel, or holds NaN or infinite values.
    """
    check_type("classifier", classifier, RecordingClassifier)
    start()
    from gansynth_isa.export.prediction import Predictor

    with without_advice():
        return Predictor(classifier).predict(str(recording))
