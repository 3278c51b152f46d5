"""How long the rest of an experiment will take, from what its parts took so far."""

from statistics import mean


class TimeLeft:
    """Estimates the minutes left from the mean times of one GAN and of one classifier."""

    def __init__(self):
        self._gan_minutes: list[float] = []
        self._classifier_minutes: list[float] = []

    def add_gan(self, minutes: float) -> None:
        """Notes the time of one GAN with its clips."""
        self._gan_minutes.append(minutes)

    def add_classifier(self, minutes: float) -> None:
        """Notes the time of one classifier."""
        self._classifier_minutes.append(minutes)

    def text(self, num_gans: int, num_classifiers: int) -> str:
        """`about 12 min left`, or that it is unknown while no GAN has been trained.

        Args:
          num_gans: GANs still to be trained.
          num_classifiers: classifiers still to be trained.
        """
        if (num_gans and not self._gan_minutes) or (num_classifiers and not self._classifier_minutes):
            return "time left not known yet"
        minutes = num_gans * mean(self._gan_minutes or [0.0])
        minutes += num_classifiers * mean(self._classifier_minutes or [0.0])
        return f"about {minutes:.0f} min left" if minutes >= 1 else "less than a minute left"
