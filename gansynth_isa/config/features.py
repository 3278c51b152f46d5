"""Settings of what becomes of a waveform: log-mel or another representation."""

from dataclasses import dataclass

from gansynth_isa.errors import InputError
from gansynth_isa.validation import Decides, Validated, known, setting

DATA_TYPES = ("log_mel", "mel", "linear", "phase")
LINEAR_DATA_TYPES = ("linear", "phase")
MAX_FRAMES = 2**16  # with the paper's 1024 mel bins a clip takes 256 MiB
NORMALIZERS = ("specgrams_simple_normalizer", "specgrams_freq_normalizer")


@dataclass(frozen=True)
class FeatureConfig(Validated):
    """Waveform to log-mel or another representation, and its normalisation."""

    data_type: str = setting(
        "log_mel",
        "log_mel (the paper's, one channel), or two channels as in the original: mel (log-mel and instantaneous "
        "frequency), linear (log magnitude and instantaneous frequency), phase (log magnitude and phase)",
        Decides.CLIPS,
        choices=DATA_TYPES,
    )
    fft_length: int = setting(2048, "FFT size and window length in samples", Decides.CLIPS, minimum=16)
    hop_length: int = setting(512, "hop between frames in samples", Decides.CLIPS, minimum=1)
    mel_bins: int = setting(1024, "number of mel bins", Decides.CLIPS, minimum=1)
    frames: int | None = setting(
        None,
        "frames of a clip; default: the smallest power of two that covers it",
        Decides.CLIPS,
        minimum=2,
        maximum=MAX_FRAMES,
    )
    data_normalizer: str = setting(
        "specgrams_simple_normalizer",
        "range of the data per channel, or per mel bin",
        Decides.TRAINING,
        choices=NORMALIZERS,
    )
    normalizer_margin: float = setting(
        0.8, "share of [-1, 1] that the training data fill", Decides.TRAINING, above=0.0, maximum=1.0
    )

    def check(self) -> None:
        if self.fft_length & (self.fft_length - 1):
            raise InputError(f"fft_length: expected a power of two, got {self.fft_length}")
        if self.mel_bins > self.fft_length // 2:
            raise InputError(f"mel_bins: expected at most fft_length / 2 = {self.fft_length // 2}, got {self.mel_bins}")
        if self.data_type in LINEAR_DATA_TYPES and self.mel_bins != self.fft_length // 2:
            raise InputError(
                f"mel_bins: expected fft_length / 2 = {self.fft_length // 2} for data_type {self.data_type}, which has "
                f"no mel bands, got {self.mel_bins}"
            )
        if self.hop_length > self.fft_length:
            raise InputError(f"hop_length: expected at most fft_length = {self.fft_length}, got {self.hop_length}")

    @property
    def num_channels(self) -> int:
        """Channels of a clip: one, or two with a phase."""
        return 1 if self.data_type == "log_mel" else 2

    @property
    def shape(self) -> tuple[int, int, int]:
        """(frames, mel_bins, channels) of a clip; `frames` must be known."""
        return known(self.frames), self.mel_bins, self.num_channels
