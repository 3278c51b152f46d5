"""Pictures: names as they are, fonts that have their letters, and no settings of other projects."""

import io

import matplotlib
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib.backends.backend_agg import RendererAgg

from gansynth_isa import drawing as drawing_module
from gansynth_isa.classifiers.augmentation.contact_sheet import write_contact_sheet
from gansynth_isa.config import FeatureConfig
from gansynth_isa.drawing import Figure, drawing, lettering, width_in_letters
from gansynth_isa.experiments.rows.cells import cell_of
from gansynth_isa.reports.experiment_files import GeneratorFolder
from gansynth_isa.reports.figures import accuracy_figure, figure_bytes, training_figure
from gansynth_isa.reports.statistics.summary import Summary
from gansynth_isa.runs.clip_pictures import SamplePictures

LANGUAGES = ("Ba$$in", "mix_$5_and_$10", r"$\frac{a}{b}$", "a^b_c", "100 % <b>&amp;</b>", "{0} %s |*[x]*")
NUT = "螺母"
OTHER_SETTINGS = {
    "text.usetex": True, "font.family": ["none"], "font.size": 30.0, "savefig.dpi": 300, "figure.facecolor": "red",
    "image.origin": "lower", "axes.grid": True, "text.parse_math": True, "svg.fonttype": "none",
}  # fmt: skip


def grid(names):
    rows = np.zeros((len(names), 1, 8, 8, 1))
    return SamplePictures(FeatureConfig(mel_bins=8, frames=8), 44100, names).draw(rows, {0: "left"}, "title")


def summary():
    return Summary(level=4, cell=cell_of({"method": "gan"}), fold=None, mean=0.5, deviation=0.1, num_trials=2)


def run_named(name):
    row = {"image": 8, "stage": 0, "real_score": 1.0, "fake_score": 0.5, "fake_class_accuracy": 1.0}
    metrics = [row | {"real_class_accuracy": 1.0}]
    return GeneratorFolder("gansynth", fold=name, level=4, draw=0, gan=0, metrics=metrics, picture=None)


def pictures(folder):
    """The bytes of one picture of each kind, with names that could be read as a language."""
    sheet = folder / "sheet.png"
    write_contact_sheet(np.zeros((16, 16, 1), np.float32), np.ones((16, 16, 1), np.float32), 0, sheet)
    return [
        grid(LANGUAGES).tobytes(),
        figure_bytes(accuracy_figure([summary()], 2, "Accuracy on " + " ".join(LANGUAGES)), "png"),
        figure_bytes(training_figure([run_named(" ".join(LANGUAGES))], "GANs on $4$ clips"), "svg"),
        sheet.read_bytes(),
    ]


@pytest.fixture
def no_fonts(monkeypatch):
    """A machine without any font but the usual one."""
    monkeypatch.setattr(drawing_module, "_other_fonts", dict)


@pytest.fixture
def nut_font(tmp_path, monkeypatch):
    """A font with nothing but the letters of NUT that was installed after matplotlib made its list of fonts."""
    glyphs = [".notdef", "first", "second"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(dict(zip(map(ord, NUT), glyphs[1:], strict=True)))
    pen = TTGlyphPen(None)
    for method, point in (("moveTo", (0, 0)), ("lineTo", (0, 900)), ("lineTo", (900, 900)), ("lineTo", (900, 0))):
        getattr(pen, method)(point)
    pen.closePath()
    builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-100)
    builder.setupNameTable({"familyName": "Nut Sans", "styleName": "Regular"})
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    builder.save(tmp_path / "nut.ttf")
    manager = drawing_module.font_manager.fontManager
    usual = [entry for entry in manager.ttflist if entry.name == "DejaVu Sans"]
    monkeypatch.setattr(manager, "ttflist", usual)
    monkeypatch.setattr(drawing_module.font_manager, "findSystemFonts", lambda: [str(tmp_path / "nut.ttf")])
    return "Nut Sans"


def test_no_name_in_any_picture_is_read_as_a_formula(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("read as a formula")

    monkeypatch.setattr(RendererAgg, "draw_mathtext", refuse)
    *_, training, _ = pictures(tmp_path)
    assert "<!-- fold Ba$$in mix_$5_and_$10" in training.decode()  # beside its outlines


def test_pictures_do_not_depend_on_the_settings_of_other_projects(tmp_path):
    expected = pictures(tmp_path)
    with matplotlib.rc_context(OTHER_SETTINGS):
        received = pictures(tmp_path)
        assert matplotlib.rcParams["text.usetex"]  # which a person's own figures go on with
    assert [one == other for one, other in zip(expected, received, strict=True)] == [True] * 4


def test_letters_that_no_font_has_are_said_once_and_shown_as_codes(no_fonts):
    letters = lettering(["size größe", NUT, NUT])
    assert letters.shown(f"größe {NUT}\n") == r"größe \u87ba\u6bcd\n"
    assert letters.warning().startswith(f"pictures: no font here has the letters {''.join(sorted(NUT))};")
    assert r"\u6bcd" in letters.warning() and "\n" not in letters.warning()


def test_two_classes_whose_letters_no_font_has_still_look_different(no_fonts):
    one, other = grid(("a", "螺")), grid(("a", "母"))
    assert one.shape == other.shape and (one != other).any()


def test_letters_come_from_a_font_that_was_installed_lately(nut_font):
    letters = lettering([NUT])
    assert (letters.families, letters.missing, letters.warning()) == (("sans-serif", nut_font), (), None)
    with drawing(letters):
        figure = Figure(figsize=(1, 1))
        figure.text(0, 0, NUT, fontsize=20)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png")
    blank = io.BytesIO()
    with drawing():
        Figure(figsize=(1, 1)).savefig(blank, format="png")
    assert drawn.getvalue() != blank.getvalue()


def test_letters_of_which_a_font_has_some_are_drawn_and_the_others_said(nut_font):
    letters = lettering([NUT + "磨"])
    assert letters.families == ("sans-serif", nut_font) and letters.missing == ("磨",)


def test_usual_letters_ask_for_no_other_font(monkeypatch):
    monkeypatch.setattr(drawing_module, "_other_fonts", lambda: pytest.fail("asked for other fonts"))
    assert lettering(["größe", "Ελλάδα", "שלום", "e\u0301"]).families == ("sans-serif",)


@pytest.mark.parametrize(("text", "width"), [("abc", 3), (NUT, 4), ("e\u0301", 1), ("", 0), ("ＡＢ", 4)])
def test_width_counts_wide_letters_twice_and_accents_not(text, width):
    assert width_in_letters(text) == width


def test_grid_leaves_room_for_wide_letters(nut_font):
    assert grid(("a", 3 * NUT)).shape[1] == grid(("a", "b" * 12)).shape[1] > grid(("a", "b" * 6)).shape[1]
