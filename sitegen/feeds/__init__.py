"""Entries to what other programs read: feeds, site map, robots.txt, llms.txt, the catalogue."""

from sitegen.feeds.plans import plan_feeds

__all__ = ["plan_feeds"]
