"""Makes the pictures of the README from the demo archive: `python docs/pictures.py`.

It needs Chromium, at `/usr/bin/chromium` or where the variable CHROMIUM says.
"""

from __future__ import annotations

import base64
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sitegen import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["PICTURES", "Picture", "make_pictures"]

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
DESKTOP, PHONE = (1280, 960), (390, 844)
QUALITY = 72
"""Of WebP, in percent."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of one page."""

    name: str
    """Its file's name, without an ending."""
    page: str
    """The page, and the place on it."""
    size: tuple[int, int]
    """Width and height of the window in CSS pixels."""
    scheme: Literal["light", "dark"]
    """Which colours the reader prefers."""


PICTURES = (
    Picture("index-light", "index.html", DESKTOP, "light"),
    Picture("index-phone-dark", "index.html#yyears-2025", PHONE, "dark"),
    Picture("page-dark", "coding/tidebook.html#m4", DESKTOP, "dark"),
    Picture("page-phone-light", "two-empty-chairs.html", PHONE, "light"),
)


def make_pictures(folder: Path = FOLDER) -> None:
    """Build the demo archive into a temporary folder, and write a picture of each page."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as site, sync_playwright() as tool:
        build(ROOT, output=Path(site) / "output")
        browser = tool.chromium.launch(executable_path=CHROMIUM)
        for picture in PICTURES:
            data = _take(browser, picture, Path(site) / "output")
            (folder / f"{picture.name}.webp").write_bytes(data)
        browser.close()


def _take(browser: Browser, picture: Picture, site: Path) -> bytes:
    width, height = picture.size
    phone = picture.size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if phone else 1.5,
        color_scheme=picture.scheme,
        has_touch=phone,
        is_mobile=phone,
    )
    page = context.new_page()
    path, _, place = picture.page.partition("#")
    page.goto(f"{(site / path).as_uri()}#{place}")
    page.wait_for_timeout(300)  # What follows the scroll is drawn a frame later.
    session = context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    context.close()
    return base64.b64decode(shot["data"])


if __name__ == "__main__":
    make_pictures()
