"""Time left, by hand computation."""

from gansynth_isa.experiments.timing import TimeLeft


def test_time_left_is_from_mean_times():
    time_left = TimeLeft()
    time_left.add_generator(6.0)
    time_left.add_classifier(0.4)
    time_left.add_classifier(0.6)
    # 2 GANs of 6 min and 10 classifiers of 0.5 min
    assert time_left.text(2, 10) == "about 17 min left"
    assert time_left.text(0, 1) == "less than a minute left"


def test_time_left_before_the_first_gan_is_not_known():
    time_left = TimeLeft()
    time_left.add_classifier(0.5)
    assert time_left.text(1, 3) == "time left not known yet"
    assert time_left.text(0, 4) == "about 2 min left"


def test_time_left_with_several_workers_is_shared_but_never_below_the_longest_chain():
    time_left = TimeLeft(4)
    time_left.add_generator(6.0)
    time_left.add_classifier(1.0)
    assert time_left.text(4, 8) == "about 8 min left"  # 32 min of work for 4
    assert time_left.text(1, 3) == "about 7 min left"  # a GAN, and a classifier that waits for it
