"""Audio files to arrays, resampling, and cutting into clips of equal length."""
