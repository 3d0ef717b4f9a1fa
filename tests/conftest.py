"""Settings that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Examples must not depend on how busy the machine is; no clock decides a test.
settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected files of tests/golden"
    )


class Golden:
    """Compares a text with a file of tests/golden, or rewrites the file."""

    folder = Path(__file__).parent / "golden"

    def __init__(self, update: bool) -> None:
        self.update = update

    def check(self, name: str, actual: str) -> None:
        """Assert that `actual` is what the file holds."""
        path = self.folder / name
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(actual.encode())
        assert path.is_file(), f"{name} does not exist: run pytest --update-golden"
        assert actual == path.read_bytes().decode(), f"{name} differs: see --update-golden"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The expected files; `pytest --update-golden` rewrites them."""
    return Golden(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the environment reaches a build under test."""
    settings = ("SITEGEN_BASE_URL", "SOURCE_DATE_EPOCH", "NO_COLOR")
    for name in (*settings, "GITHUB_ACTIONS", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
