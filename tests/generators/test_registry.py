"""Kinds by name."""

from dataclasses import dataclass

import pytest

from gansynth_isa.errors import InputError
from gansynth_isa.generators import registry
from gansynth_isa.validation import Decides, Validated, setting


def test_unknown_kind_is_refused_with_the_nearest_name():
    with pytest.raises(
        InputError, match="generator: expected one of gansynth, gaussian.*got 'gausian'; did you mean 'gaussian'"
    ):
        registry.kind_named("gausian")


def test_kind_of_a_package_is_found_by_its_entry_point(toy, monkeypatch):
    kind = type(toy)
    monkeypatch.delitem(registry._registered, "toy")

    class Point:
        name, value = "toy", "somewhere:Toy"

        def load(self):
            return kind

    monkeypatch.setattr(registry, "entry_points", lambda group: [Point()] if "gansynth_isa" in group else [])
    assert isinstance(registry.kind_named("toy"), kind)


def test_second_kind_of_a_name_is_refused(toy):
    other = type("Other", (type(toy),), {})()
    with pytest.raises(ValueError, match="there is a kind of that name"):
        registry.register(other)


def test_setting_without_the_prefix_of_its_kind_is_refused(toy):
    @dataclass(frozen=True)
    class Config(Validated):
        gain: float = setting(0.5, "a gain", Decides.TRAINING)

    other = type("Other", (type(toy),), {"name": "other", "config_class": Config})()
    with pytest.raises(ValueError, match="gain: expected a setting that begins with other_"):
        registry.register(other)


def test_folder_that_does_not_name_its_kind_is_one_of_the_gan(tmp_path):
    (tmp_path / "experiment.json").write_text('{"fmap_base": 256}')
    assert registry.kind_in(tmp_path).name == "gansynth"


@pytest.mark.parametrize(
    ("text", "message"),
    [("[1]", "damaged"), ("{", "damaged"), ('{"generator": "wave"}', "expected one of gansynth, gaussian.*got 'wave'")],
)
def test_folder_that_names_no_kind_is_refused_by_its_name(tmp_path, text, message):
    (tmp_path / "experiment.json").write_text(text)
    with pytest.raises(InputError, match=message) as refusal:
        registry.kind_in(tmp_path)
    assert str(tmp_path) in str(refusal.value)


@pytest.mark.parametrize("name", ["5", "null", "[]"])
def test_folder_whose_kind_is_no_text_is_refused_by_its_name(tmp_path, name):
    (tmp_path / "experiment.json").write_text(f'{{"generator": {name}}}')
    with pytest.raises(InputError, match="experiment.json: generator: expected the name of a kind, got"):
        registry.kind_in(tmp_path)


def test_folder_without_a_training_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected the folder of a trained generator, but it has no experiment.json"):
        registry.kind_in(tmp_path)


def test_training_of_another_kind_in_a_folder_is_refused(tmp_path):
    (tmp_path / "experiment.json").write_text('{"generator": "gaussian"}')
    registry.check_kind_of(tmp_path, "gaussian")
    registry.check_kind_of(tmp_path / "new", "gansynth")
    with pytest.raises(InputError, match="holds a training of the kind gaussian; expected gansynth"):
        registry.check_kind_of(tmp_path, "gansynth")


def test_package_whose_kind_cannot_be_loaded_breaks_that_kind_alone(monkeypatch):
    class Point:
        name, value = "wave", "somewhere:Wave"

        def load(self):
            raise ImportError("no module named somewhere")

    monkeypatch.setattr(registry, "entry_points", lambda group: [Point()])
    monkeypatch.setattr(registry, "_broken", {})
    assert "wave" not in registry.kinds() and registry.kind_named("gaussian").name == "gaussian"
    with pytest.raises(InputError, match="the kind 'wave' cannot be loaded .somewhere:Wave: ImportError: no module"):
        registry.kind_named("wave")


@pytest.mark.parametrize("name", ["gan", "baseline", "a/../b", "Big", "", "two words"])
def test_name_that_is_a_methods_or_no_name_is_refused(toy, name):
    other = type("Other", (type(toy),), {"name": name})()
    with pytest.raises(ValueError, match="expected a name of small letters and digits that is no method's"):
        registry.register(other)


def test_setting_of_every_command_is_refused(toy):
    @dataclass(frozen=True)
    class Config(Validated):
        classifier_steps: int = setting(5, "steps", Decides.TRAINING)

    other = type("Other", (type(toy),), {"name": "classifier", "config_class": Config})()
    with pytest.raises(ValueError, match="classifier_steps: expected a setting that begins with classifier_"):
        registry.register(other)
