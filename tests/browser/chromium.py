"""Where the browser is, how it gets there, and how it is started: headless Chromium with a fresh
profile and no network of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.async_api import Playwright as AsyncPlaywright
from playwright.sync_api import Browser, Playwright

# The address bar's own pages, which take longer to start than a page under test, for each of these;
# and what asks the network by itself. The list takes the place of Playwright's own.
FEATURES_OFF = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
]
FLAGS = [
    f"--disable-features={','.join(FEATURES_OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_TIMEOUT_S = 300


class NoBrowser(Exception):
    """There is no Chromium and none could be installed; says what to do."""


def launch(playwright: Playwright, *flags: str) -> Browser:
    """Start the browser; ``flags`` are added to FLAGS. Installs it first if there is none.

    Raises:
        NoBrowser: if that fails.
    """
    path = find_chromium(playwright) or install_chromium(playwright)
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])


def find_chromium(playwright: Playwright | AsyncPlaywright) -> str | None:
    """Return ``KEFU_CHROMIUM``, the first of NAMES on the path, or Playwright's own, if any."""
    if chosen := os.environ.get("KEFU_CHROMIUM"):
        return chosen
    own = playwright.chromium.executable_path
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or (own if Path(own).exists() else None)


def install_chromium(playwright: Playwright) -> str:
    """Install it as this user may: with Debian's packages, else Playwright's download."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempts.insert(0, ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"])
    for attempt in attempts:
        subprocess.run(attempt, check=False, capture_output=True, timeout=INSTALL_TIMEOUT_S)
        if path := find_chromium(playwright):
            return path
    raise NoBrowser("no Chromium here and none could be installed: set KEFU_CHROMIUM to its path")
