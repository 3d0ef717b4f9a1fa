"""Rewrites what was read by the site's rules, before anything else sees it."""

from sitegen.redact.rules import make_redactor, origin_of

__all__ = ["make_redactor", "origin_of"]
