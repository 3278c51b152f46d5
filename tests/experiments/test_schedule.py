"""The order of tasks, by hand."""

from gansynth_isa.experiments.schedule import Schedule
from gansynth_isa.experiments.trials import GeneratorKey, Trial

GAN_0, GAN_1 = GeneratorKey("1", 4, 0, 0), GeneratorKey("1", 4, 0, 1)
BASELINE = Trial("1", 4, 0, "baseline", None, 0)
OF_0, OF_1 = Trial("1", 4, 0, "gan", 0, 0, "gansynth"), Trial("1", 4, 0, "gan", 1, 0, "gansynth")
TRIALS = (BASELINE, OF_0, OF_1)


def test_schedule_for_one_worker_puts_each_gan_before_its_trials():
    schedule, order = Schedule(TRIALS), []
    while (task := schedule.next()) is not None:
        order.append(task)
        schedule.finish(task)
    assert order == [BASELINE, GAN_0, OF_0, GAN_1, OF_1]
    assert schedule.num_left() == 0


def test_schedule_passes_over_trials_whose_gan_is_running():
    schedule = Schedule(TRIALS)
    assert [schedule.next() for _ in range(4)] == [BASELINE, GAN_0, GAN_1, None]
    schedule.finish(GAN_1)
    assert schedule.next() == OF_1 and schedule.next() is None
    assert schedule.generators_left() == (GAN_0,)
    assert schedule.num_trials_left() == 3 and schedule.num_left() == 4


def test_schedule_prefers_trials_of_the_gan_whose_clips_are_held():
    schedule = Schedule(TRIALS)
    for task in [schedule.next() for _ in range(3)]:
        schedule.finish(task)
    assert schedule.next(near=GAN_1) == OF_1
    assert schedule.next(near=GAN_1) == OF_0


def test_schedule_of_a_failed_gan_drops_its_trials_alone():
    schedule = Schedule(TRIALS)
    for _ in range(3):
        schedule.next()
    schedule.finish(BASELINE)
    assert schedule.fail(GAN_0) == (OF_0,)
    schedule.finish(GAN_1)
    assert schedule.next() == OF_1
    assert schedule.fail(OF_1) == (OF_1,)
    assert schedule.next() is None and schedule.num_left() == 0


def test_schedule_gives_a_task_that_was_put_back_next():
    schedule = Schedule(TRIALS)
    for _ in range(2):
        schedule.next()
    schedule.put_back(GAN_0)
    assert schedule.next() == GAN_0


def of_choice(trial, subset_seed=0):
    return Trial("1", 4, subset_seed, "auto", None, trial)


def test_schedule_lets_the_first_trial_of_a_choice_make_it_while_others_wait():
    first, second, third, other = of_choice(0), of_choice(1), of_choice(2), of_choice(0, subset_seed=1)
    schedule = Schedule((first, second, third, other, BASELINE))
    assert [schedule.next() for _ in range(4)] == [first, other, BASELINE, None]
    schedule.finish(other)
    assert schedule.next() is None
    schedule.finish(first)
    assert [schedule.next(), schedule.next(), schedule.next()] == [second, third, None]


def test_schedule_lets_no_trial_wait_for_a_choice_that_was_made_before():
    schedule = Schedule((of_choice(1), of_choice(2)), done=(BASELINE, of_choice(0)))
    assert [schedule.next(), schedule.next()] == [of_choice(1), of_choice(2)]


def test_schedule_gives_the_next_trial_of_a_choice_where_the_first_one_failed():
    schedule = Schedule((of_choice(0), of_choice(1), of_choice(2)))
    schedule.next()
    schedule.fail(of_choice(0))
    assert [schedule.next(), schedule.next()] == [of_choice(1), None]
