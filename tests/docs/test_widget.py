"""The pages on the widget show the examples as they are, code that is code, and every hook."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, fenced, read, rows

PAGES = ("docs/widget.md", "docs/widget.zh-CN.md")
SAMPLES = {
    "python": "identity.py",
    "js": "identity.mjs",
    "php": "identity.php",
    "go": "identity.go",
}
HOOKS = {
    *("home", "prechat", "offline", "queue", "composer"),
    *("send", "attach", "message", "banner", "rating"),
}
_SCRIPT = re.compile(r"<script[^>]*>(.+?)</script>", re.DOTALL)
# Fails if anything of its standard input, [{"lang": …, "code": …}], is none.
PARSE = """
import { parseAst } from "rolldown/parseAst";
for (const { lang, code } of JSON.parse(await new Response(process.stdin).text())) {
  parseAst(code, { lang });
}
"""


def unable(reason: str) -> None:
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", SAMPLES)
def test_the_samples_of_identity_are_the_examples(page: str, language: str):
    """All of the function; the lines that try it at the terminal are left out."""
    example = read(f"examples/identity/{SAMPLES[language]}")
    shown = [code for code in fenced(page, language) if "HS256" in code and code in example]
    assert len(shown) == 1
    assert len(shown[0]) > 0.4 * len(example)
    assert re.search(r"(?i)(def|function|func) \w*identity\(", shown[0])


@pytest.mark.node
def test_what_is_shown_in_javascript_is_javascript(tmp_path: Path):
    node = shutil.which("node")
    modules = ROOT / "web" / "node_modules"
    if node is None or not (modules / "rolldown").is_dir():
        unable("needs Node.js and web/node_modules (run: make setup)")
    page = PAGES[0]
    shown = [
        {"lang": lang, "code": code} for lang in ("js", "jsx", "tsx") for code in fenced(page, lang)
    ]
    inside = [*fenced(page, "html"), *fenced(page, "vue")]
    scripts = [one for code in inside for one in _SCRIPT.findall(code)]
    shown += [{"lang": "js", "code": code} for code in scripts]
    assert len(shown) > 6
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "parse.mjs").write_text(PARSE, "utf-8")
    command = [str(node), str(tmp_path / "parse.mjs")]
    ran = subprocess.run(command, input=json.dumps(shown), capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr


@pytest.mark.php
def test_what_is_shown_in_php_is_php():
    php = shutil.which("php")
    if php is None:
        unable("needs PHP (Debian: php-cli)")
    for code in fenced(PAGES[0], "php"):
        ran = subprocess.run(
            [str(php), "-l"], input=f"<?php\n{code}", capture_output=True, encoding="utf-8"
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr


def sources(folder: str) -> str:
    """The text of a workspace's own sources, its tests apart."""
    found = sorted((ROOT / "web" / folder / "src").rglob("*.ts*"))
    return "\n".join(one.read_text("utf-8") for one in found if ".test." not in one.name)


@pytest.mark.parametrize("page", PAGES)
def test_every_hook_is_listed(page: str):
    heading = {"docs/widget.md": "## Hooks for a site's tests"}.get(page, "## 供网站测试使用的标记")
    listed = {row[0].strip("`") for row in rows(page, heading)}
    assert listed == HOOKS
    marked = "\n".join(re.findall(r"data-kefu\b.*", sources("widget")))
    assert set(re.findall(r'"(\w+)"', marked)) == listed


# How the sources name what they keep.
_KEPT = (
    r'memory\.set\(\s*"([\w.]+)"',
    r'\.keep\(\s*"(\w+)"',
    r'remember\(\s*"(\w+)"',
    r"(?<!kefu\.\$\{)\b(?:scope|widget)\}\.(\w+)`",  # that is a channel
    r'const (?:KEY|WHO) = "([\w.]+)"',
)
_ON_THE_SITE = r"`kefu\.\$\{[\w.]+\}\.(\w+)`"


@pytest.mark.parametrize("page", PAGES)
def test_everything_that_is_stored_is_listed(page: str):
    heading = {"docs/widget.md": "## What is stored, and when"}.get(page, "## 何时保存什么")
    listed = {
        name.removeprefix("kefu.").removeprefix("KEY.").rstrip("…")
        for row in rows(page, heading)
        for cell in row[1:3]
        for name in re.findall(r"`([^`]+)`", cell)
    }
    text = sources("widget") + sources("client")
    kept = {name for pattern in _KEPT for name in re.findall(pattern, text)}
    kept |= set(re.findall(_ON_THE_SITE, sources("loader")))
    assert {"device", "who", "draft"} <= kept
    assert kept - listed == set()


def first_cells(page: str, headings: tuple[str, str], column: int = 0) -> str:
    heading = headings[PAGES.index(page)]
    return " ".join(row[column] for row in rows(page, heading))


@pytest.mark.parametrize("page", PAGES)
def test_every_option_of_the_loader_is_listed(page: str):
    _, _, options = sources("loader").partition("export interface Options {")
    names = set(re.findall(r"^  readonly (\w+)\?:", options.partition("\n}\n")[0], re.MULTILINE))
    headings = ("## Options", "## 选项")
    assert set(re.findall(r"`data-(\w+)`", first_cells(page, headings))) == names
    assert set(re.findall(r"`(\w+)`", first_cells(page, headings, 1))) == names


@pytest.mark.parametrize("page", PAGES)
def test_every_act_of_the_loader_is_listed(page: str):
    loader = sources("loader")
    blocks = re.findall(
        r"^( *)(?:const acts: [^\n]+ =|\$acts:) \{\n(.*?)^\1\}", loader, re.M | re.S
    )
    of_loader, of_panel = (
        set(re.findall(rf"^{indent}  (?:async )?(\w+)[,:(]", block, re.MULTILINE))
        for indent, block in blocks
    )
    assert {"boot", "open"} < of_loader
    assert {"identify"} < of_panel < of_loader
    told = first_cells(page, ("## JavaScript", "## JavaScript"))
    assert set(re.findall(r'Kefu\("(\w+)"', told)) == of_loader


@pytest.mark.parametrize("page", PAGES)
def test_every_event_of_the_loader_is_listed(page: str):
    loader = sources("loader")
    [frames] = re.findall(r"^ +readonly name: (\"[^;]+);", loader, re.MULTILINE)
    names = {*re.findall(r'(?:emit|CustomEvent)\("(\w+)"', loader), *re.findall(r'"(\w+)"', frames)}
    assert {"ready", "message"} < names
    _, _, table = read(page).partition("`CustomEvent`")
    listed = re.findall(r"^\| (`.+?) \|", table.partition("\n\n```")[0], re.MULTILINE)
    assert {name for cell in listed for name in re.findall(r"`(\w+)`", cell)} == names
