"""What `--method=auto` can take: a source of synthetic clips or none, augmentation or none, and a use.

A candidate is named like the cells of an experiment: `baseline`, `augmented`, `gan_augmented`, or for another kind of
generator `gaussian_augmented`. A use may follow: `gaussian_augmented:pretrain`. Nothing here loads TensorFlow or NumPy:
names are checked where flags are read.
"""

import dataclasses
from dataclasses import dataclass

from gansynth_isa.config import ClassifierConfig
from gansynth_isa.config.classifier import BY_SOUND, SYNTHETIC_USES
from gansynth_isa.errors import InputError, nearest
from gansynth_isa.generators.registry import DEFAULT_KIND, kinds
from gansynth_isa.methods import METHODS_BY_NAME, NETWORK, method_named

MAX_CANDIDATES = 6
FOR_EVENTS, FOR_STEADY = "augmented", "lda"  # what `by_sound` takes, see `sound`
USE_MARK = ":"


@dataclass(frozen=True)
class Candidate:
    """One way to train a classifier.

    Attributes:
      name: as `auto_candidates` has it.
      method: of the classifier.
      kind: of the generator whose clips it uses, None without any.
      use: of the synthetic clips; None: that of the classifier's settings.
    """

    name: str
    method: str
    kind: str | None = None
    use: str | None = None

    def settings(self, config: ClassifierConfig) -> ClassifierConfig:
        """The settings of a classifier of this candidate.

        Raises:
          InputError: its use does not go with another setting.
        """
        return dataclasses.replace(config, method=self.method, synthetic_use=self.use or config.synthetic_use)


def candidates_of(config: ClassifierConfig, default: str | None = None) -> tuple[Candidate, ...]:
    """The default choice, and what is weighed against it in the order of the settings.

    Args:
      config: names them.
      default: what the clips make of a default by their sound; None where they are not at hand, so that all that it can
        be stand in front.

    Raises:
      InputError: a name that does not exist or stands twice, too many names, or settings that do not go with them.
    """
    names = config.auto_candidates
    if not names or len(set(names)) < len(names):
        raise InputError(f"auto_candidates: expected one name or more, each of them once, got {', '.join(names)!r}")
    defaults: tuple[str, ...] = (config.auto_default,)
    if config.auto_default == BY_SOUND:
        defaults = (FOR_EVENTS, FOR_STEADY) if default is None else (default,)
    ordered = dict.fromkeys((*defaults, *names))
    if len(ordered) > MAX_CANDIDATES:
        raise InputError(
            f"auto_candidates: expected at most {MAX_CANDIDATES}, {', '.join(defaults)} counted, got {len(ordered)}"
        )
    if config.budget != "equal":
        raise InputError(
            f"budget: expected 'equal' for --method=auto, which compares at equal steps, got {config.budget!r}"
        )
    if config.classifier_init_from is not None:
        raise InputError(
            "classifier_init_from: expected none with --method=auto, whose candidates are tried on left-out recordings "
            f"that such weights may have seen, got {config.classifier_init_from}"
        )
    found = (candidate_named(defaults[0], "auto_default"), *map(candidate_named, list(ordered)[1:]))
    _check_different(found, config)
    uses = {candidate.settings(config).synthetic_use for candidate in found if candidate.kind is not None}
    if config.classifier_steps == 1 and "pretrain" in uses:
        raise InputError("classifier_steps: expected at least 2 for a candidate that uses pretrain, got 1")
    return found


def _check_different(candidates: tuple[Candidate, ...], config: ClassifierConfig) -> None:
    """Refuses the same candidate under two names: one with the use of the settings, and one that says it."""
    named: dict[tuple, str] = {}
    for each in candidates:
        use = None if each.kind is None else each.use or config.synthetic_use
        other = named.setdefault((each.method, each.kind, use), each.name)
        if other != each.name:
            raise InputError(
                f"auto_candidates: expected different ones, got {other} and {each.name}, which are the same"
            )


def kinds_of(candidates: tuple[Candidate, ...]) -> tuple[str, ...]:
    """The kinds of generators that candidates need, each once."""
    return tuple(dict.fromkeys(candidate.kind for candidate in candidates if candidate.kind is not None))


def num_networks(candidates: tuple[Candidate, ...]) -> int:
    """How many of the candidates train a network; what is learnt at once takes no time worth counting."""
    return sum(method_named(candidate.method).learner == NETWORK for candidate in candidates)


def real_counterpart(candidate: Candidate) -> Candidate:
    """What is left of a candidate where it cannot be had: `augmented`, or `baseline` if a network was to see that."""
    method = method_named(candidate.method)
    return candidate_named("augmented" if method.augmented or method.learner != NETWORK else "baseline")


def candidate_named(name: str, setting: str = "auto_candidates") -> Candidate:
    """The candidate of that name.

    Args:
      name: of the candidate.
      setting: the setting that holds the name, for the message.

    Raises:
      InputError: there is none; the nearest name is offered.
    """
    source, mark, use = name.partition(USE_MARK)
    known = _sources()
    if mark and source == BY_SOUND and setting == "auto_default":
        raise InputError(f"{setting}: {name}: expected no use behind {source}")
    if source not in known:
        names = (*known, *((BY_SOUND,) if setting == "auto_default" else ()))
        raise InputError(f"{setting}: expected some of {', '.join(names)}, got {source!r}{nearest(source, names)}")
    method, kind = known[source]
    if not mark:
        return Candidate(name, method, kind)
    if kind is None:
        raise InputError(f"{setting}: {name}: expected no use behind {source}, which has no synthetic clips")
    if use not in SYNTHETIC_USES:
        raise InputError(
            f"{setting}: {name}: expected a use among {', '.join(SYNTHETIC_USES)}, got {use!r}"
            f"{nearest(use, SYNTHETIC_USES)}"
        )
    return Candidate(name, method, kind, use)


def _sources() -> dict[str, tuple[str, str | None]]:
    """Name of a candidate without its use -> (method, kind of generator)."""
    methods = [method for method in METHODS_BY_NAME.values() if not method.chooses]
    found: dict[str, tuple[str, str | None]] = {
        method.name: (method.name, None) for method in methods if not method.synthetic
    }
    for kind in (name for name, known in kinds().items() if known.hears_training_clips_alone):
        for method in methods:
            if method.synthetic:
                name = method.name if kind == DEFAULT_KIND else method.name.replace("gan", kind, 1)
                found[name] = (method.name, kind)
    return found
