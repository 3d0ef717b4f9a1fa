"""Site to HTML artifacts; the only user of Jinja."""

from sitegen.render.messages import MessageLayout, Prepared, Side
from sitegen.render.pages import Plan, Renderer
from sitegen.render.templates import Environment, make_environment

__all__ = [
    "Environment",
    "MessageLayout",
    "Plan",
    "Prepared",
    "Renderer",
    "Side",
    "make_environment",
]
