"""Spectrogram augmentations: operations on (batch, frames, mel_bins, channels) tensors, each on its own."""
