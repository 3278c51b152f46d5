"""How long the rest of an experiment will take, from what its parts took so far."""

from statistics import mean


class TimeLeft:
    """Estimates the minutes left from the mean times of one generator and of one classifier.

    Args:
      num_at_once: tasks that are done at the same time.
    """

    def __init__(self, num_at_once: int = 1):
        self._num_at_once = num_at_once
        self._generator_minutes: list[float] = []
        self._classifier_minutes: list[float] = []

    def add_generator(self, minutes: float) -> None:
        """Notes the time of one generator with its clips."""
        self._generator_minutes.append(minutes)

    def add_classifier(self, minutes: float) -> None:
        """Notes the time of one classifier."""
        self._classifier_minutes.append(minutes)

    def text(self, num_generators: int, num_classifiers: int) -> str:
        """`about 12 min left`, or that it is unknown while no generator has been trained.

        Args:
          num_generators: generators still to be trained.
          num_classifiers: classifiers still to be trained.
        """
        if (num_generators and not self._generator_minutes) or (num_classifiers and not self._classifier_minutes):
            return "time left not known yet"
        generator, classifier = mean(self._generator_minutes or [0.0]), mean(self._classifier_minutes or [0.0])
        work = num_generators * generator + num_classifiers * classifier
        longest_chain = (generator if num_generators else 0.0) + (classifier if num_classifiers else 0.0)
        minutes = max(work / self._num_at_once, longest_chain)
        return f"about {minutes:.0f} min left" if minutes >= 1 else "less than a minute left"
