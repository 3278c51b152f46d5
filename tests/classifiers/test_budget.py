import pytest

from gansynth_isa.classifiers.budget import batch_size, budget_text, num_steps, with_equal_steps
from gansynth_isa.config import ClassifierConfig

# The paper's Metal Balls: 70 epochs, 3 classes of 4 real clips, with 3,000 synthetic clips each and without.
METAL_BALLS = {"classifier_batch_size": 256, "classifier_epochs": 70}


def test_equal_steps_are_those_of_the_longest_mixture_for_every_method():
    for method in ("baseline", "augmented", "gan", "gan_augmented"):
        config = with_equal_steps(ClassifierConfig(method=method, **METAL_BALLS), 12, 9000)
        assert num_steps(config, 12) == num_steps(config, 9012) == 70 * 36  # 9,012 clips are 36 batches


def test_steps_under_the_paper_s_budget_are_epochs_of_the_method_s_own_clips():
    config = with_equal_steps(ClassifierConfig(budget="paper", classifier_steps=5, **METAL_BALLS), 12, 9000)
    assert (num_steps(config, 12), num_steps(config, 9012)) == (70, 2520)


def test_steps_that_are_given_stay_under_the_equal_budget():
    config = with_equal_steps(ClassifierConfig(classifier_steps=600), 12, 9000)
    assert (num_steps(config, 12), num_steps(config, 9012)) == (600, 600)


def test_batch_under_the_paper_s_budget_lies_within_an_epoch():
    assert batch_size(ClassifierConfig(budget="paper", **METAL_BALLS), 12) == 12
    assert batch_size(ClassifierConfig(budget="paper", **METAL_BALLS), 9012) == 256
    assert batch_size(ClassifierConfig(**METAL_BALLS), 12) == 256


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"classifier_steps": 600}, "600 steps"),
        ({"classifier_steps": 600, "budget": "paper"}, "70 epochs"),
        ({"classifier_epochs": 1500}, "1,500 epochs"),
    ],
)
def test_budget_in_words_is_what_the_steps_follow_from(settings, text):
    assert budget_text(ClassifierConfig(**settings)) == text
