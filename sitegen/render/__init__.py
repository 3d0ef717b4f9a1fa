"""Site to HTML artifacts; the only user of Jinja."""

from sitegen.render.layouts import Layouts
from sitegen.render.pages import Plan, Renderer

__all__ = ["Layouts", "Plan", "Renderer"]
