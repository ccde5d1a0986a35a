"""A wheel of a fresh clone, installed where there is nothing else, used as its owner would.

The slow one of the suite: it builds the pages, and installs every package into a new environment.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from tests.docs.pages import all_pages
from tests.packaging.building import ROOT, clone_into
from tests.serving import KefuServer

pytestmark = [pytest.mark.node, pytest.mark.timeout(600)]

PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


def run(*command: str | Path, cwd: Path | None = None) -> None:
    """Run it to its end; fail with all that it says."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr


def only(folder: Path, pattern: str) -> Path:
    [path] = folder.glob(pattern)
    return path


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone_into(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `pip install git+…` does: in an environment of its own, from what git has."""
    made = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", "--no-deps", "-w", made, clone)
    return only(made, "*.whl")


class Installed(KefuServer):
    """``kefu demo`` of a wheel in an environment of its own."""

    def __init__(self, data_dir: Path, kefu: Path) -> None:
        super().__init__(data_dir)
        self._kefu = kefu

    def _command(self) -> list[str]:
        return [str(self._kefu), *super()._command()[3:]]


@pytest.fixture(scope="module")
def server(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KefuServer]:
    home = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", home)
    pip = (*PIP, "--python", home / "bin" / "python")
    locked = ROOT / "requirements" / "run.txt"
    run(*pip, "install", "--no-compile", "--require-hashes", "-r", locked)
    run(*pip, "install", "--no-compile", "--no-deps", wheel)
    run(*pip, "check")  # what the wheel asks for is what is tested
    served = Installed(home / "data", home / "bin" / "kefu")
    try:
        served.start(env={"PYTHONPATH": "", "PYTHONWARNINGS": ""})
        yield served
    finally:
        if hasattr(served, "process"):
            served.kill()


def content(wheel: Path) -> Mapping[str, bytes]:
    with zipfile.ZipFile(wheel) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_wheel_of_a_fresh_clone_carries_every_page(wheel: Path):
    packed = content(wheel)
    pages = {page.name for page in (ROOT / "web").glob("*/*.html")}
    assert {f"kefu/pages/{page}" for page in pages} <= packed.keys()
    assert "kefu/pages/licenses.txt" in packed
    scripts = [name for name in packed if name.startswith("kefu/pages/assets/")]
    assert any(name.endswith(".js.br") for name in scripts)
    assert {name.split("/")[0].split("-")[0] for name in packed} == {"kefu"}


def test_a_wheel_carries_every_loader_that_was_released(wheel: Path):
    packed, folder = content(wheel), ROOT / "src" / "kefu" / "loaders"
    carried = {name for name in packed if name.startswith("kefu/loaders/")}
    assert carried == {f"kefu/loaders/{path.name}" for path in folder.iterdir()}
    for name in carried:
        assert packed[name] == (folder / Path(name).name).read_bytes()


def test_a_wheel_carries_the_documentation(wheel: Path):
    packed = content(wheel)
    read = [page for page in all_pages() if page.parts[0] in ("docs", "examples", page.name)]
    assert len(read) > 50
    for page in read:
        assert packed[f"kefu/docs/{page}"] == (ROOT / page).read_bytes()
    assert "kefu/docs/examples/echo_bot.py" in packed
    assert "kefu/docs/examples/identity/identity.php" in packed


def test_an_installed_wheel_says_where_its_documentation_is(server: KefuServer):
    env = os.environ | {"PYTHONPATH": "", "LC_ALL": "C"}
    told = subprocess.check_output([server._command()[0], "--help"], env=env, text=True)
    [page] = re.findall(r"\S+/README\.md", told)
    assert "/kefu/docs/" in page
    assert "docs/configuration.md" in Path(page).read_text("utf-8")


def test_a_source_distribution_makes_the_same_wheel_without_building_again(
    clone: Path, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=clone)
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")  # nobody is there
    sdist = only(tmp_path, "*.tar.gz")
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, sdist)
    assert content(only(tmp_path, "*.whl")) == content(wheel)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/shop",
        "/shop/tea",
        "/chat/wk_demo",
        "/kefu.html",
        "/setup",
        "/try/wk_demo",
        "/licenses",
        "/licenses.txt",
        "/api/v1/docs",
    ],
)
def test_an_installed_wheel_answers_with_its_pages(server: KefuServer, path: str):
    answer = httpx.get(server.base_url + path)
    assert answer.status_code == 200
    assert len(answer.text) > 500


def test_an_installed_wheel_is_well(server: KefuServer):
    assert httpx.get(f"{server.base_url}/health").json()["status"] == "ok"


def test_the_licences_of_what_is_carried_can_be_read(server: KefuServer):
    page = httpx.get(f"{server.base_url}/licenses").text
    assert "socket.io-client" in page
    assert page.count("Permission is hereby granted") > 3
