"""What synthetic clips are worth over many draws of training clips: rows of experiments, paired by draw."""
