import dataclasses

import pytest

from gansynth_isa.export.model_card import classifier_card, generator_card, wilson_interval
from gansynth_isa.generators.generation import load_generator


def test_interval_is_that_of_a_textbook():
    """Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, and 0 of 20."""
    assert [round(bound, 4) for bound in wilson_interval(81, 263)] == [0.2553, 0.3662]
    assert [round(bound, 4) for bound in wilson_interval(0, 20)] == [0.0, 0.1611]


def test_card_of_a_classifier_holds_data_counts_accuracy_use_and_limits(stored):
    card = classifier_card(stored)
    right = round(stored.result["accuracy_per_clip"] * 40)
    low, high = wilson_interval(right, 40)
    assert f"* per clip: {right / 40:.3f}, 95 % interval {low:.3f} to {high:.3f} (40 test clips)" in card
    assert "| high | 12 | 20 |" in card and "| low | 12 | 20 |" in card
    assert "8000 Hz, cut into clips of 0.1 s" in card
    for heading in ("Data", "Classes and counts", "Accuracy", "Intended use", "Limits"):
        assert f"\n## {heading}\n" in card


def test_card_of_a_classifier_that_was_chosen_says_what_was_taken(stored):
    configuration = {**stored.result["configuration"], "method": "auto"}
    result = {**stored.result, "configuration": configuration, "choice": {"chosen": "gaussian_augmented"}}
    card = classifier_card(dataclasses.replace(stored, result=result))
    assert "by the method `auto`, which took `gaussian_augmented`, in " in card
    assert "which took" not in classifier_card(stored)


@pytest.mark.parametrize(("method", "taken"), [("lda", ""), ("auto", ", which the method `auto` took,")])
def test_card_of_linear_discriminant_analysis_says_so_whoever_took_it(stored, method, taken):
    configuration = {**stored.result["configuration"], "method": method}
    result = {**stored.result, "configuration": configuration} | ({"choice": {"chosen": "lda"}} if taken else {})
    card = classifier_card(dataclasses.replace(stored, result=result))
    assert f"\n\nShrunk linear discriminant analysis of band statistics (`lda`){taken} fitted on clips of " in card
    assert "Probabilities are those of Gaussian classes" in card and "network" not in card


def test_card_of_a_classifier_names_its_test_recordings_and_what_chose_them(stored):
    card = classifier_card(stored)
    assert "puts on the test side, if any. 20 recordings: `high/1000-0.wav`, " in card
    grouped = dataclasses.replace(stored, data=dataclasses.replace(stored.data, test_groups=("2", "3")))
    assert "\n## Test recordings\nThose of the groups 2, 3 (`--test_groups=2,3`). 20 recordings: " in classifier_card(
        grouped
    )


def test_card_shows_names_as_they_are(stored):
    names = ("<b>$5_</b>", "a|b `c`")
    result = {**stored.result, "recall": dict.fromkeys(names, 0.5)}
    result["counts"] = {side: dict.fromkeys(names, 20) for side in ("train", "test")}
    result["sources"] = {"test_recordings": ["a`b/$1$.wav"]}
    network = dataclasses.replace(stored.network, class_names=names)
    card = classifier_card(dataclasses.replace(stored, network=network, result=result))
    shown = r"&lt;b>\$5\_&lt;/b>", r"a\|b \`c\`"
    assert all(f"| {name} | 20 | 20 |" in card for name in shown)
    assert f"* recall per clip: {shown[0]} 0.50, {shown[1]} 0.50" in card
    assert f"Telling {', '.join(shown)} apart" in card
    assert "1 recordings: `` a`b/$1$.wav ``." in card


def test_card_of_a_generator_names_the_groups_that_it_has_not_seen(gan_dir):
    trained = load_generator(gan_dir)
    data = dataclasses.replace(trained.provenance.data, test_groups=("2",))
    trained.provenance = dataclasses.replace(trained.provenance, data=data)
    card = generator_card(trained)
    assert "Those of the groups 2 (`--test_groups=2`). The generator was not trained on them." in card


def test_card_of_a_generator_counts_its_training_clips(gan_dir):
    card = generator_card(load_generator(gan_dir))
    assert "| high | 4 |" in card and "after 8 images" in card and "(8, 16, 1)" in card


def test_card_of_an_original_generator_says_that_its_recordings_are_not_known(shared_dir):
    card = generator_card(load_generator(shared_dir / "reference" / "original_checkpoint"))
    assert "class_0, class_1, class_2, class_3, class_4. A run of the original GANSynth does not tell" in card
    assert "was not trained on them" not in card and "| class |" not in card
