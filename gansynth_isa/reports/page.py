"""A report's content as one HTML page that needs nothing but itself."""

import base64
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from gansynth_isa.reports.content import Picture, Section, Text

_TEMPLATE = "report.html.jinja"


def html_page(title: str, lead: Sequence[Text], sections: Sequence[Section]) -> str:
    """The page: pictures inside, no scripts, no address outside; all texts are escaped.

    Args:
      title: of the page.
      lead: paragraphs below it, before everything else.
      sections: in order.
    """
    environment = Environment(
        loader=PackageLoader("gansynth_isa.experiments", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["data_address"] = _data_address
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment.get_template(_TEMPLATE).render(title=title, lead=lead, sections=sections)


def _data_address(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode()}"
