"""One page for each article and an index; no feeds, no categories, no tags, no authors."""

import re

AUTHOR = "Nobody"
SITENAME = "Chats, revision 0"
SITEURL = ""
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
CACHE_PATH = "cache"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
DELETE_OUTPUT_DIRECTORY = False

FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = TAG_SAVE_AS = TAGS_SAVE_AS = ""
AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = ARCHIVES_SAVE_AS = ""
DIRECT_TEMPLATES = ["index"]
DEFAULT_PAGINATION = False
ARTICLE_URL = "{slug}/"
ARTICLE_SAVE_AS = "{slug}/index.html"
SUMMARY_MAX_LENGTH = 0

MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.codehilite": {"css_class": "highlight", "guess_lang": False},
        "markdown.extensions.fenced_code": {},
        "markdown.extensions.tables": {},
        "markdown.extensions.sane_lists": {},
        "markdown.extensions.meta": {},
    },
    "output_format": "html5",
}

HEAD = re.compile(r"<h3>(.*?)</h3>")
OPEN = (
    r'</div></article><article class="message"><header><h3>\1</h3></header>'
    r'<div class="body">'
)


def chat(html: str) -> str:
    """Each heading of level 3 opens a message."""
    return HEAD.sub(OPEN, html)


JINJA_FILTERS = {"chat": chat}
