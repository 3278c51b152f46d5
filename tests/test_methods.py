import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.methods import METHODS_BY_NAME, PAPER_METHODS, method_named


def test_methods_of_the_paper_stand_in_its_order_and_say_what_they_add():
    """The paper's comparison is two by two: with or without the GAN's clips, with or without augmentation."""
    found = [(method.name, method.synthetic, method.augmented) for method in map(method_named, PAPER_METHODS)]
    assert tuple(METHODS_BY_NAME)[:4] == PAPER_METHODS
    assert found == [
        ("baseline", False, False),
        ("augmented", False, True),
        ("gan", True, False),
        ("gan_augmented", True, True),
    ]


def test_lda_sees_real_clips_alone_and_needs_no_second_trial():
    lda = method_named("lda")
    assert (lda.synthetic, lda.augmented, lda.is_deterministic) == (False, False, True)
    assert not any(method_named(name).is_deterministic for name in PAPER_METHODS)


def test_method_named_of_a_known_name_is_that_method():
    assert method_named("gan_augmented").name == "gan_augmented"


def test_method_named_of_a_misspelt_name_offers_the_nearest():
    with pytest.raises(InputError, match="method: expected one of baseline, .*got 'basline'; did you mean 'baseline'"):
        method_named("basline")


def test_only_auto_chooses_and_adds_nothing_itself():
    chooses = [method for method in METHODS_BY_NAME.values() if method.chooses]
    assert [(method.name, method.synthetic, method.augmented) for method in chooses] == [("auto", False, False)]
