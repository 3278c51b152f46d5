"""The report in a real browser."""

import shutil
import warnings

import pytest

from gansynth_isa.experiments.rows.files import append_row
from gansynth_isa.reports.report import write_report


@pytest.fixture(scope="module")
def browser():
    """Debian's chromium without a window; its absence skips the test aloud."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install .[test]")
    program = shutil.which("chromium")
    if program is None:
        message = "chromium is not installed: the report is not opened in a browser; apt-get install chromium"
        warnings.warn(message, stacklevel=1)
        pytest.skip(message)
    with playwright.sync_playwright() as started:
        # Chromium refuses to run as root with its sandbox.
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory, result_rows):
    """A report with names that are long, and ones that HTML would read as its own."""
    folder = tmp_path_factory.mktemp("report")
    classes = ("<script>document.title = 'hacked'</script>", "n" * 70, *(f"class {index}" for index in range(10)))
    sizes = {"levels": (4, 9, 18, 72, 108), "draws": 1, "gans": 1}
    for row in result_rows(**sizes, dataset="a_name_that_is_long_" * 4, classes=classes):
        append_row(folder / "results.jsonl", row)
    write_report(folder, folder)
    return folder / "report.html"


def open_page(browser, path, width):
    """The page, and all messages and requests that it made."""
    page = browser.new_page(viewport={"width": width, "height": 844})
    events = []
    page.on("console", lambda message: events.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: events.append(f"error: {error}"))
    page.on("request", lambda request: events.append(f"request: {request.url[:80]}"))
    page.goto(path.as_uri())
    return page, [event for event in events if not event.startswith("request: data:")]


@pytest.mark.parametrize("width", [390, 1200])
def test_page_in_a_browser_fits_the_width_and_asks_for_nothing(browser, page_file, width):
    page, events = open_page(browser, page_file, width)
    assert events == [f"request: {page_file.as_uri()}"[: len("request: ") + 80]]
    page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    # Of what is wider than the page, everything can be scrolled to by itself.
    outside = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(item => !item.closest('.scroll') && "
        "item.getBoundingClientRect().right > innerWidth).map(item => item.outerHTML.slice(0, 80))"
    )
    assert outside == []
    page.close()


def test_page_in_a_browser_shows_every_picture_and_reaches_every_section(browser, page_file):
    page, _ = open_page(browser, page_file, 390)
    assert page.title().startswith("Experiment on a_name")
    widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert len(widths) == 2
    assert min(widths) > 100
    targets = page.evaluate("[...document.querySelectorAll('nav a')].map(a => !!document.querySelector(a.hash))")
    assert targets == [True] * 8
    page.close()


def test_page_that_asks_for_something_outside_is_noticed(browser, page_file, tmp_path):
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(page_file.read_text().replace("</main>", "<img src='https://example.invalid/x.png'></main>"))
    page, events = open_page(browser, spoilt, 390)
    page.close()
    assert any("Content Security Policy" in event for event in events)
