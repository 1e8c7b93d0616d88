"""Templates: autoescaped, strict, one documented dataclass a page."""

import dataclasses
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app import RESEARCH_ONLY, __version__
from app.settings import REPOSITORY
from app.words import speaking

environment = Environment(
    loader=FileSystemLoader(REPOSITORY / "templates"),
    autoescape=select_autoescape(["html", "svg"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def embedded(thing: Any) -> Markup:
    """Return a dataclass as JSON that may stand inside a ``<script>``."""
    return htmlsafe_json_dumps(dataclasses.asdict(thing))


environment.filters["embedded"] = embedded
environment.globals["research_only"] = RESEARCH_ONLY
environment.globals["version"] = __version__
# Names of functions, so that a macro that is imported without context speaks the language too.
environment.globals["_"] = speaking.in_template
environment.globals["ngettext"] = speaking.plural_in_template
environment.globals["counted"] = speaking.counted
environment.globals["language"] = speaking.language
environment.globals["words"] = speaking.words


def render(request: Request, template: str, page: Any, *, status: int = 200) -> HTMLResponse:
    """Render ``page`` (a dataclass) with ``template``; it gets ``page``, ``user`` and ``path``."""
    user = getattr(request.state, "user", None)
    html = environment.get_template(template).render(page=page, user=user, path=request.url.path)
    return HTMLResponse(html, status_code=status)
