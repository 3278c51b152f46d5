"""What the instruments must say of generators whose faults are known.

Written down before the check was first run; a reading beyond them is a fault of the instrument.
"""

CLIPS_PER_CLASS = 360
# A machine that gives out its training clips.
MOST_MEMORISATION_OF_COPIES = 0.1
# A machine that makes noise of the clips' mean and deviation per bin teaches nothing: both the accuracy after its
# clips, and that accuracy over the one after real clips, lie at most this far above chance.
MOST_ABOVE_CHANCE_OF_NOISE = 0.1
# A machine that gives out the mean of each class.
MOST_SPREAD_OF_PROTOTYPES = 0.1
# Real clips that were held out, in place of synthetic ones. Ratios of the same thing measured twice are 1: usefulness,
# its reverse, spread, grain, deviation over time, memorisation, and the onsets where there are any; their means and
# every class.
RATIOS_OF_REAL_CLIPS = (0.9, 1.1)
# Distances are 0 instead: that of class means in shares of the distance between classes, for the mean over classes, and
# the kernel distance in standard errors.
MOST_CLASS_MEANS_OF_REAL_CLIPS = 0.1
MOST_KERNEL_DISTANCE_OF_REAL_CLIPS = 3.0
