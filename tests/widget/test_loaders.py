"""Released loaders: kept for ever as they were, since pages name them by their hash."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

import kefu
from kefu.site import PAGES
from kefu.widget.loaders import FOLDER, LIST, panels, released
from scripts.keep_loader import COMMAND, keep
from tests.packaging.building import load

RELEASED = "# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-12-01\n"


def listed(folder: Path) -> dict[str, str]:
    lines = (folder / LIST).read_text("ascii").splitlines()
    return dict(line.split() for line in lines)


def test_a_released_loader_never_changes_and_never_goes():
    """The list only grows: what stands in it is in somebody's page."""
    assert {one.name: one.integrity for one in (*released(), *panels())} == listed(FOLDER)
    assert {path.name for path in FOLDER.iterdir()} == {*listed(FOLDER), LIST}


def test_the_loader_of_this_version_is_the_one_that_is_built():
    """Whoever names it by its hash has the same as whoever does not."""
    if not load("scripts/build_pages.py").pages_are_fresh():
        pytest.skip("the pages are not built of these sources: make install")
    for one in released():
        if one.version == kefu.__version__:
            assert one.body == (PAGES / "kefu.js").read_bytes(), f"run {COMMAND}"


def test_they_are_found_by_their_names_the_oldest_first(tmp_path: Path):
    for name in ("kefu-0.10.0.js", "kefu-0.9.0.js", "kefu-1.0.js", "kefu.js", "kefu-1.0.0.js.gz"):
        (tmp_path / name).write_text(name)
    assert [one.name for one in released(tmp_path)] == ["kefu-0.9.0.js", "kefu-0.10.0.js"]
    assert [one.version for one in released(tmp_path)] == ["0.9.0", "0.10.0"]
    assert released(tmp_path / "none") == []


def test_every_released_loaders_panel_is_kept_as_it_was():
    """A loader names its panel's script by name and hash."""
    kept = {one.name: one.body for one in panels()}
    for loader in released():
        named = re.findall(rb"kefu-panel-[0-9a-f]{8}\.js", loader.body)
        assert len(named) == 1, loader.name
        digest = hashlib.sha256(kept[named[0].decode()]).digest()
        assert b"sha256-" + base64.b64encode(digest) in loader.body


def test_a_page_names_a_loader_by_its_hash(tmp_path: Path):
    (tmp_path / "kefu-0.1.0.js").write_bytes(b"alert(1)")
    [loader] = released(tmp_path)
    kind, _, value = loader.integrity.partition("-")
    assert kind == "sha384"
    assert base64.b64decode(value) == hashlib.sha384(b"alert(1)").digest()


def test_a_loader_is_kept_and_replaced_until_its_version_is_released(tmp_path: Path):
    folder, built = tmp_path / "loaders", tmp_path / "kefu.js"
    folder.mkdir()
    built.write_text("one")
    assert keep(built, folder, "0.1.0", "## Unreleased\n") == "kefu-0.1.0.js is kept."
    built.write_text("two")
    assert keep(built, folder, "0.1.0", "## Unreleased\n") == "kefu-0.1.0.js is kept."
    assert keep(built, folder, "0.1.0", RELEASED) == "kefu-0.1.0.js is this loader already."
    built.write_text("three")
    with pytest.raises(ValueError, match="raise the version"):
        keep(built, folder, "0.1.0", RELEASED)
    keep(built, folder, "0.2.0", RELEASED)
    assert [(one.version, one.body) for one in released(folder)] == [
        ("0.1.0", b"two"),
        ("0.2.0", b"three"),
    ]
    assert listed(folder) == {one.name: one.integrity for one in released(folder)}


def test_a_loader_is_kept_with_the_panel_that_it_names_and_panels_of_none_go(tmp_path: Path):
    folder, built = tmp_path / "loaders", tmp_path / "kefu.js"
    folder.mkdir()
    for name in ("kefu-panel-00000001.js", "kefu-panel-00000002.js"):
        (tmp_path / name).write_text(name)
        built.write_text(f'load("{name}")')
        keep(built, folder, "0.1.0", "## Unreleased\n")
    assert [one.name for one in panels(folder)] == ["kefu-panel-00000002.js"]
    assert listed(folder).keys() == {"kefu-0.1.0.js", "kefu-panel-00000002.js"}
