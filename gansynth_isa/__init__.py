"""GANSynth for industrial sound analysis: labelled synthetic log-mel clips from a handful of recordings."""

__version__ = "0.1.0"
