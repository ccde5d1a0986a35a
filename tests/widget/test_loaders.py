"""Released loaders: kept for ever as they were, since pages name them by their hash."""

from __future__ import annotations

import base64
import hashlib

from kefu.widget.loaders import FOLDER, released


def test_a_released_loader_never_changes_and_never_goes():
    """The list only grows: what stands in it is in somebody's page."""
    listed = dict(line.split() for line in (FOLDER / "integrity.txt").read_text().splitlines())
    assert {one.name: one.integrity for one in released()} == listed
    assert {path.name for path in FOLDER.iterdir()} == {*listed, "integrity.txt"}


def test_they_are_found_by_their_names_the_oldest_first(tmp_path):
    for name in ("kefu-0.10.0.js", "kefu-0.9.0.js", "kefu-1.0.js", "kefu.js", "kefu-1.0.0.js.gz"):
        (tmp_path / name).write_text(name)
    assert [one.name for one in released(tmp_path)] == ["kefu-0.9.0.js", "kefu-0.10.0.js"]
    assert [one.version for one in released(tmp_path)] == ["0.9.0", "0.10.0"]
    assert released(tmp_path / "none") == []


def test_a_page_names_a_loader_by_its_hash(tmp_path):
    (tmp_path / "kefu-0.1.0.js").write_bytes(b"alert(1)")
    [loader] = released(tmp_path)
    kind, _, value = loader.integrity.partition("-")
    assert kind == "sha384"
    assert base64.b64decode(value) == hashlib.sha384(b"alert(1)").digest()
