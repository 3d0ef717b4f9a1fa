"""Jinja: where layouts are looked for, and what is said when one fails."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import jinja2

from sitegen.assets import builtin_layouts
from sitegen.config import Config
from sitegen.errors import LayoutError
from sitegen.formats import Formats
from sitegen.strings import Strings

__all__ = ["load_template", "make_environment", "render_template", "stream_template"]

AT_A_TIME = 100
"""Pieces of a layout that are joined; of one message there are some thirty."""


def make_environment(config: Config, strings: Strings, forms: Formats) -> jinja2.Environment:
    """A Jinja environment that looks into the project's layouts first, then into our own.

    `{% extends "default/transcript.html" %}` reaches the built-in layout from an
    override of the same name.
    """
    own = jinja2.FileSystemLoader(config.layouts)
    builtin = jinja2.FileSystemLoader(builtin_layouts())
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([own, builtin, jinja2.PrefixLoader({"default": builtin})]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(forms.filters())
    environment.globals.update(t=strings.text, script_strings=_for_scripts(strings), formats=forms)
    return environment


def _for_scripts(strings: Strings) -> str:
    """What the pages' scripts say, as JSON; empty for English, which they know."""
    known = {key: text for key, text in sorted(strings.script.items()) if key != text}
    return json.dumps(known, ensure_ascii=False) if known else ""


def load_template(environment: jinja2.Environment, name: str) -> jinja2.Template:
    """A layout, compiled.

    Raises:
        LayoutError: it does not exist or is not valid.
    """
    try:
        return environment.get_template(name)
    except jinja2.TemplateSyntaxError as error:
        raise LayoutError(
            error.message or "syntax error", path=f"layouts/{error.name}", line=error.lineno
        ) from error
    except jinja2.TemplateNotFound as error:
        raise LayoutError(f'the layout "{error}" does not exist', path=f"layouts/{name}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise LayoutError(f"cannot be read: {error}", path=f"layouts/{name}") from error


def render_template(template: jinja2.Template, **context: Any) -> str:
    """The text of a layout with this context.

    Raises:
        LayoutError: the layout failed; with the file and the line.
    """
    return "".join(stream_template(template, **context))


def stream_template(template: jinja2.Template, **context: Any) -> Iterator[str]:
    """The text of a layout with this context, in pieces as they are made.

    Raises:
        LayoutError: the layout failed; with the file and the line.
    """
    try:
        pieces = template.generate(**context)
        while some := list(islice(pieces, AT_A_TIME)):
            yield "".join(some)
    except jinja2.TemplateSyntaxError as error:
        raise LayoutError(
            error.message or "syntax error", path=f"layouts/{error.name}", line=error.lineno
        ) from error
    except Exception as error:  # A layout is a program: it can fail in any way.
        message = str(error) or type(error).__name__
        if isinstance(error, jinja2.TemplateNotFound):
            message = f'the layout "{error}" does not exist'
        elif isinstance(error, LayoutError):
            message = error.message
        path, line = _place(error, template)
        hint = error.hint if isinstance(error, LayoutError) else ""
        raise LayoutError(message, path=path, line=line, hint=hint) from error


def _place(error: Exception, template: jinja2.Template) -> tuple[str, int]:
    """The layout and the line in which an error happened, which may be one it extends."""
    loader: Any = template.environment.loader
    roots = [Path(folder) for part in loader.loaders[:2] for folder in part.searchpath]
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        for root in roots:
            if file.suffix == ".html" and file.is_relative_to(root):
                return f"layouts/{file.relative_to(root).as_posix()}", frame.lineno or 0
    return f"layouts/{template.name}", 0
