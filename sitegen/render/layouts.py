"""The layouts of a project and what their texts say; Jinja is loaded when one is needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sitegen.assets import builtin_layouts
from sitegen.config import Config
from sitegen.formats import Formats
from sitegen.strings import load_strings

if TYPE_CHECKING:
    import jinja2

__all__ = ["Layouts"]


class Layouts:
    """The layouts of one project, in the language of its site.

    Raises:
        ConfigError: the project's own texts cannot be read.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.strings = load_strings(config.site.language, config.layouts, builtin_layouts())
        self.forms = Formats(self.strings)

    @cached_property
    def environment(self) -> jinja2.Environment:
        """What finds, compiles and keeps them."""
        from sitegen.render.templates import make_environment

        return make_environment(self.config, self.strings, self.forms)
