"""What tells classes from embeddings: a shrunk linear discriminant, or logistic regression."""

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression

from gansynth_isa.classifiers.classifier import NetworkClassifier
from gansynth_isa.classifiers.discriminant import check_clips_per_class, fit_discriminant
from gansynth_isa.classifiers.embedding.embedder import EmbeddedClips
from gansynth_isa.classifiers.supervised import Learned
from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.embedding import EMBEDDING
from gansynth_isa.data.clip_sets.clip_set import ClipSet
from gansynth_isa.environment import check_keras
from gansynth_isa.errors import InputError, UnfitClips
from gansynth_isa.spectral.standardisation import Standardisation

LEAST_DEVIATION = 1e-5  # of a value, as a share of the largest: one that varies less tells nothing but rounding
MAX_ITERATIONS = 2000


def learn_head(config: ClassifierConfig, train: ClipSet) -> Learned:
    """Fits the head of `embedding_head` to standardised embeddings: no steps, no dice.

    `discriminant` has one covariance within classes, shrunk by the rule of Ledoit and Wolf (2004), see `learn_lda`;
    `logistic` is multinomial logistic regression with an L2 penalty (C = 1).

    Args:
      config: which head, and how classes are balanced.
      train: see `embedder.embed_clips`.

    Raises:
      InputError: clips that were not embedded: a command or a function that works on spectrograms alone.
      UnfitClips: all clips have the same embedding; or see `discriminant.fit_discriminant`.
    """
    if not isinstance(train, EmbeddedClips):
        raise InputError(
            f"classifier: expected one of spectrograms here, got {EMBEDDING!r}; gansynth_isa_classify, "
            "gansynth_isa_experiment and gansynth_isa.train_classifier embed recordings"
        )
    rows = train.spectrograms.reshape(len(train), -1).astype(np.float64)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    tells = deviation > LEAST_DEVIATION * deviation.max()
    if not tells.any():
        raise UnfitClips("embedding_model: expected embeddings that differ, got the same for all training clips")
    deviation = np.where(tells, deviation, 1.0)
    standardised = (rows[:, tells] - mean[tells]) / deviation[tells]
    num_classes = len(train.class_names)
    weights, biases = np.zeros((len(mean), num_classes)), np.zeros(num_classes)
    fit = _fit_logistic if config.embedding_head == "logistic" else _fit_discriminant
    weights[tells], biases[:] = fit(standardised, train, config.class_balance == "balanced")
    standardise = Standardisation(mean[:, np.newaxis], deviation[:, np.newaxis])
    return Learned(NetworkClassifier(_model(standardise, weights, biases), train.class_names), real_share=1.0, steps=0)


def _fit_discriminant(rows: np.ndarray, train: ClipSet, is_balanced: bool) -> tuple[np.ndarray, np.ndarray]:
    check_clips_per_class(train, EMBEDDING)
    return fit_discriminant(rows, train.labels, len(train.class_names), is_balanced, EMBEDDING)


def _fit_logistic(rows: np.ndarray, train: ClipSet, is_balanced: bool) -> tuple[np.ndarray, np.ndarray]:
    """(values, classes) weights and (classes,) biases."""
    regression = LogisticRegression(max_iter=MAX_ITERATIONS, class_weight="balanced" if is_balanced else None)
    regression.fit(rows, train.labels)
    weights, biases = regression.coef_.T, regression.intercept_
    if len(train.class_names) == 2:  # scikit-learn then has one row, whose logistic function is a softmax with 0
        weights, biases = np.hstack([0.0 * weights, weights]), np.concatenate([[0.0], biases])
    return weights, biases


def _model(standardise: Standardisation, weights: np.ndarray, biases: np.ndarray) -> keras.Model:
    """Embeddings (batch, 1, values, 1) -> probabilities."""
    check_keras()
    embeddings = keras.Input((1, len(weights), 1), name="embeddings")
    head = layers.Dense(len(biases), activation="softmax", name="head")
    model = keras.Model(embeddings, head(layers.Flatten()(standardise(embeddings))), name="classifier")
    head.set_weights([weights.astype(np.float32), biases.astype(np.float32)])
    return model
