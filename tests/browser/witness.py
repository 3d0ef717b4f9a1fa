"""Sees what happens in a tab that should not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page


@dataclass
class Witness:
    """What happened in a tab that should not."""

    home: str
    """Addresses that begin so are the site's own."""
    events: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to everything that a page does."""
        page.on("console", lambda m: self._console(m.type, m.text))
        page.on("pageerror", lambda error: self.events.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self._dialog(dialog))
        page.on("popup", lambda _: self.events.append("popup"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.events.append(f"console {kind}: {text}")

    def _dialog(self, dialog: Any) -> None:
        self.events.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, url: str) -> None:
        if not url.startswith((self.home, "data:image/")):
            self.events.append(f"request: {url[:200]}")
