"""``kefu backup`` and ``kefu restore`` as an operator runs them, beside a real server."""

from __future__ import annotations

import json
import os
import resource
import secrets
import shutil
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import httpx
import pytest

from tests.cli.stores import kefu, refusal
from tests.cli.test_cli import CHINESE, ENGLISH, KEFU, refused
from tests.databases import ready_url
from tests.serving import KefuServer

pytestmark = pytest.mark.timeout(240)

PICTURE = b"not a picture, yet a file\n" * 4_000


class Shopper:
    """A visitor of the demo who writes without end, each message once."""

    def __init__(self, server: KefuServer) -> None:
        self.server = server
        self._headers = {
            "Authorization": f"Bearer kd_{secrets.token_urlsafe(32)}",
            "X-Kefu-Widget": "wk_demo",
        }
        asked = {"client_id": "0", "text": "message 0"}
        self._messages = "/conversations"
        made = self._call("POST", self._messages, json=asked)
        self._id = made["conversation"]["id"]
        self._messages = f"/conversations/{self._id}/messages"
        self.acknowledged = 1

    def say(self) -> None:
        """Write the next message."""
        number = self.acknowledged
        asked = {"client_id": str(number), "text": f"message {number}"}
        self._call("POST", self._messages, json=asked)
        self.acknowledged += 1

    def send_file(self) -> None:
        """Send a file."""
        path = f"/files?name=list.txt&conversation={self._id}"
        file = self._call("POST", path, content=PICTURE)
        asked = {"client_id": "file", "text": "", "files": [file["id"]]}
        self._call("POST", self._messages, json=asked)

    def download(self) -> bytes:
        """What the file holds."""
        found = self._call("GET", self._messages)
        (url,) = [file["url"] for one in found["items"] for file in one.get("files", ())]
        return httpx.get(f"{self.server.base_url}{url}").raise_for_status().content

    def _call(self, method, path, **content):
        url = f"{self.server.base_url}/api/v1{path}"
        answer = httpx.request(method, url, headers=self._headers, **content)
        return answer.raise_for_status().json()

    @contextmanager
    def writing(self):
        """Write in the background until the block ends."""
        stop = Event()

        def write():
            while not stop.is_set():
                self.say()

        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(write)
            try:
                yield
            finally:
                stop.set()
                done.result()


def texts_in(data):
    said = [
        json.loads(line)["text"] for line in kefu("history", "--json", "--data", data).splitlines()
    ]
    return [text for text in said if text.startswith("message ")]


@pytest.fixture(autouse=True)
def _mask():
    """The commands set it, for their process."""
    mask = os.umask(0o022)
    yield
    os.umask(mask)


@pytest.fixture
def server(tmp_path):
    with KefuServer(tmp_path / "data") as server:
        yield server


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A data directory with three messages and a file, its server stopped."""
    with KefuServer(tmp_path_factory.mktemp("backup") / "data") as server:
        shopper = Shopper(server)
        shopper.say()
        shopper.send_file()
        shopper.say()
        server.stop()
    return server.data_dir


@pytest.fixture
def made(once, tmp_path):
    """The same, as the test's own."""
    return shutil.copytree(once, tmp_path / "data")


@pytest.mark.parametrize("name", ["backup.tar", "backup"])
def test_a_backup_while_people_write_loses_nothing_that_was_acknowledged(tmp_path, server, name):
    shopper, target = Shopper(server), tmp_path / name
    shopper.send_file()
    with shopper.writing():
        while shopper.acknowledged < 20:
            pass
        before = shopper.acknowledged
        said = kefu("backup", target, "--data", server.data_dir)
    assert "1 files" in said
    assert not list(tmp_path.glob("*.part"))

    other = tmp_path / "other"
    kefu("restore", target, "--data", other)
    kept = texts_in(other)
    assert len(kept) >= before
    assert kept == [f"message {number}" for number in range(len(kept))]
    server.stop()
    with KefuServer(other) as restored:
        shopper.server = restored
        assert shopper.download() == PICTURE


def test_a_backup_can_be_read_by_its_owner_alone(tmp_path, made):
    kefu("backup", tmp_path / "b.tar", "--data", made)
    kefu("backup", tmp_path / "b", "--data", made)
    paths = [tmp_path / "b.tar", tmp_path / "b", *(tmp_path / "b").rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in paths} == {0}


def test_a_backup_goes_through_a_pipe(tmp_path, made):
    words = ["backup", "-", "--data", str(made)]
    sent = subprocess.run([*KEFU, *words], capture_output=True, timeout=50, check=True)
    assert b"messages" in sent.stderr
    words = ["restore", "-", "--data", str(tmp_path / "other")]
    done = subprocess.run([*KEFU, *words], input=sent.stdout, capture_output=True, timeout=50)
    assert done.returncode == 0, done.stderr
    assert texts_in(tmp_path / "other") == texts_in(made) != []


@pytest.mark.parametrize("name", ["backup.tar", "backup"])
def test_a_backup_replaces_nothing(tmp_path, made, name):
    (tmp_path / "backup").mkdir()
    for path in (tmp_path / "backup/mine", tmp_path / "backup.tar"):
        path.write_text("mine")
    assert "is there already" in refusal("backup", tmp_path / name, "--data", made)
    assert (tmp_path / "backup/mine").read_text() == (tmp_path / "backup.tar").read_text() == "mine"


@pytest.mark.parametrize("name", ["backup.tar.gz", "backup.zip", "kefu.db"])
def test_a_form_that_a_backup_has_not_is_refused(tmp_path, made, name):
    assert "a folder or a .tar file" in refusal("backup", tmp_path / name, "--data", made)
    assert not (tmp_path / name).exists()


def test_a_mistyped_folder_is_not_made(tmp_path, made):
    line = refusal("backup", tmp_path / "nope" / "backup.tar", "--data", made)
    assert "No such file or directory" in line
    assert not (tmp_path / "nope").exists()


def test_what_a_killed_backup_left_is_gone_after_the_next_whatever_its_name(tmp_path, made):
    folder = tmp_path / "backups"
    (folder / "kefu-backup.part" / "files").mkdir(parents=True)
    (folder / "kefu-backup.database.part").write_bytes(PICTURE)
    kefu("backup", folder / "monday.tar", "--data", made)
    assert [path.name for path in folder.iterdir()] == ["monday.tar"]


def test_standard_output_that_is_full_is_one_clear_line(made):
    with open("/dev/full", "wb") as full:
        words = [*KEFU, "backup", "-", "--data", str(made)]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, env=ENGLISH, timeout=50)
    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == ["error: -: No space left on device"]


def test_where_nothing_is_kept_there_is_nothing_to_back_up(tmp_path):
    line = refusal("backup", tmp_path / "b.tar", "--data", tmp_path / "none")
    assert "holds no Kefu data yet" in line
    assert list(tmp_path.iterdir()) == []


def test_a_restore_is_refused_while_a_server_runs(tmp_path, server):
    Shopper(server)
    kefu("backup", tmp_path / "b.tar", "--data", server.data_dir)
    line = refusal("restore", tmp_path / "b.tar", "--replace", "--data", server.data_dir)
    assert "another Kefu uses this" in line


def test_what_was_there_is_moved_aside_and_never_without_being_asked(tmp_path, made):
    kefu("backup", tmp_path / "b.tar", "--data", made)
    shutil.rmtree(made / "files")
    (made / "files").mkdir()
    with KefuServer(made) as server:
        Shopper(server)
        server.kill()  # with messages that are only in the log beside the file
    later = texts_in(made)
    assert "--replace" in refusal("restore", tmp_path / "b.tar", "--data", made)
    assert texts_in(made) == later

    said = kefu("restore", tmp_path / "b.tar", "--replace", "--data", made)
    assert texts_in(made) == later[:-1]
    (aside,) = made.glob("before-restore-*")
    assert str(aside) in said
    assert texts_in(aside) == later
    assert not list(made.glob("*.restoring")) + list(made.glob("*.part"))


CUTS = {
    "a byte": lambda whole: whole[:3_000] + bytes([whole[3_000] ^ 1]) + whole[3_001:],
    "its end": lambda whole: whole[: len(whole) // 2],
    "everything": lambda whole: b"",
    "its form": lambda whole: b"What is this?\n" * 200,
}


@pytest.mark.parametrize("cut", CUTS)
def test_a_damaged_backup_is_refused_before_anything_is_touched(tmp_path, made, cut):
    whole = tmp_path / "whole.tar"
    kefu("backup", whole, "--data", made)
    (tmp_path / "cut.tar").write_bytes(CUTS[cut](whole.read_bytes()))
    before = texts_in(made)
    line = refusal("restore", tmp_path / "cut.tar", "--replace", "--data", made)
    assert str(tmp_path / "cut.tar") in line
    assert texts_in(made) == before
    assert not list(made.glob("before-restore-*")) + list(made.glob("*.restoring"))


def test_what_is_no_backup_is_told_in_our_own_words_in_both_languages(tmp_path):
    source = tmp_path / "note.tar"
    for content in (b"", b"What is this?\n" * 200, b"\x1f\x8b\x08"):
        source.write_bytes(content)
        words = ["restore", source, "--data", tmp_path / "new"]
        assert refused(*words) == (
            f"error: {source}: not a whole backup; it is no .tar file, or a part of it is missing"
        )
        assert "它不是 .tar 文件，或缺少一部分" in refused(*words, env=CHINESE)


def small_disk():
    """Let this process write no file of more than a page, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@pytest.mark.parametrize("why", ["no source", "no backup", "no part", "a full disk", "other kind"])
def test_a_restore_that_is_refused_leaves_no_directory(tmp_path, made, why):
    source, data = tmp_path / "b", tmp_path / "new" / "data"
    kefu("backup", source, "--data", made)
    full = None
    if why == "no source":
        source = tmp_path / "none.tar"
    elif why == "no backup":
        (source / "kefu-backup.json").unlink()
    elif why == "no part":
        (source / "kefu.db").unlink()
    elif why == "other kind":
        told(source, {"store": "postgresql"})
    else:
        full = small_disk
    before = {*tmp_path.iterdir()}
    refused("restore", source, "--data", data, preexec_fn=full)
    assert {*tmp_path.iterdir()} == before


def test_a_restore_that_is_refused_leaves_a_directory_that_was_there_as_it_was(tmp_path, made):
    kefu("backup", tmp_path / "b.tar", "--data", made)
    before = {path: path.stat().st_mtime_ns for path in made.rglob("*") if path.is_file()}
    for words in ([tmp_path / "none.tar", "--replace"], [tmp_path / "b.tar"]):
        refusal("restore", *words, "--data", made)
    assert {path: path.stat().st_mtime_ns for path in made.rglob("*") if path.is_file()} == before


def test_a_restore_that_is_refused_leaves_an_empty_directory_empty(tmp_path):
    (tmp_path / "data").mkdir()
    refusal("restore", tmp_path / "none.tar", "--data", tmp_path / "data")
    assert not [*(tmp_path / "data").iterdir()]


@pytest.mark.parametrize("lost", ["kefu.db", "kefu-backup.json", "files"])
def test_a_backup_without_one_of_its_parts_is_refused(tmp_path, made, lost):
    folder = tmp_path / "b"
    kefu("backup", folder, "--data", made)
    if lost == "files":
        shutil.rmtree(folder / lost)
    else:
        (folder / lost).unlink()
    line = refusal("restore", folder, "--data", tmp_path / "other")
    assert lost in line
    assert not (tmp_path / "other/kefu.db").exists()


def test_what_a_stranger_put_into_an_archive_stays_outside(tmp_path, made):
    kefu("backup", tmp_path / "b", "--data", made)
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.add(tmp_path / "b/kefu.db", "../outside.db")
        tar.add(tmp_path / "b/kefu.db", "files/../../outside.db")
        for path in sorted((tmp_path / "b").rglob("*"), reverse=True):
            if path.is_file():
                tar.add(path, str(path.relative_to(tmp_path / "b")))
        link = tarfile.TarInfo("files/aa/" + "a" * 32)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    kefu("restore", evil, "--data", tmp_path / "in/other")
    assert not list(tmp_path.rglob("outside.db"))
    assert not (tmp_path / "in/other/files/aa" / ("a" * 32)).exists()


def test_a_restore_that_was_cut_off_is_ended_before_a_server_starts(made):
    (made / "restore.unfinished").write_text("before-restore-20261129T020000\n")
    line = refused("demo", "--port", 0, "--classic-port", 0, "--data", made)
    assert "a restore was cut off" in line


def test_a_source_that_is_no_word_is_not_the_current_directory(made, monkeypatch):
    monkeypatch.chdir(made)
    assert refusal("restore", "", "--replace", "--data", made).startswith("SOURCE is empty")


def test_a_folder_without_a_manifest_is_not_read(tmp_path, made):
    folder = tmp_path / "home"
    (folder / "files").mkdir(parents=True)
    (folder / "files").chmod(0)
    os.mkfifo(folder / "kefu.db")  # whoever opened it would wait for ever
    line = refusal("restore", folder, "--replace", "--data", made)
    assert line == f"{folder}: not a whole backup; its last part, kefu-backup.json, is missing"


@pytest.mark.parametrize("revision", ["9999", "0000", "", "3f2a1b"])
def test_a_backup_of_a_schema_that_is_not_known_is_refused(tmp_path, made, revision):
    kefu("backup", tmp_path / "b", "--data", made)
    told(tmp_path / "b", {"revision": revision, "kefu": "9.9"})
    line = refusal("restore", tmp_path / "b", "--replace", "--data", made)
    assert "was made by Kefu 9.9, which this one cannot read" in line


def test_a_backup_that_is_of_another_schema_than_it_says_is_refused(tmp_path, made):
    kefu("backup", tmp_path / "b", "--data", made)
    told(tmp_path / "b", {"revision": "0001"})
    before = texts_in(made)
    line = refusal("restore", tmp_path / "b", "--replace", "--data", made)
    assert "not 0001" in line
    assert texts_in(made) == before
    assert not list(made.glob("before-restore-*"))


@pytest.mark.parametrize(
    "words",
    [
        {"made_at": "2026-11-29T02:00:00.000Z\x1b]0;x\x07"},
        {"made_at": "2026-11-29T02:00:00.000Z\n"},
        {"made_at": "yesterday"},
        {"kefu": "9\x1b[2J", "form": 2},
        {"kefu": "9\u202e", "form": 2},
        {"store": "\x1b[2J"},
        {"parts": {"kefu.db\x1b[2J": {"bytes": 1, "sha256": "0"}}},
        {"entries": -5},
        {"entries": 2**63},
    ],
    ids=repr,
)
def test_what_steers_a_terminal_or_counts_nothing_is_not_told_of_a_backup(tmp_path, made, words):
    kefu("backup", tmp_path / "b", "--data", made)
    told(tmp_path / "b", words)
    line = refusal("restore", tmp_path / "b", "--data", tmp_path / "other")
    assert "kefu-backup.json is not as it was backed up" in line
    assert line.isprintable()


def test_a_restore_says_what_comes_back_with_it(tmp_path, made):
    kefu("backup", tmp_path / "b.tar", "--data", made)
    said = kefu("restore", tmp_path / "b.tar", "--data", tmp_path / "other")
    assert "what was ended, changed or blocked since has to be again" in said


def test_a_backup_of_a_newer_kefu_is_refused(tmp_path, made):
    folder = tmp_path / "b"
    kefu("backup", folder, "--data", made)
    told(folder, {"form": 2, "kefu": "9.9"})
    line = refusal("restore", folder, "--data", tmp_path / "other")
    assert "made by Kefu 9.9" in line
    line = refused("restore", folder, "--data", tmp_path / "other", env=CHINESE)
    assert "由 Kefu 9.9 生成" in line


def told(folder, words):
    """Let the manifest of a backup say something else."""
    path = folder / "kefu-backup.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | words))


@pytest.fixture
def postgresql(tmp_path):
    """The settings' file of a store in PostgreSQL, and the server's environment."""
    with ready_url("postgresql", tmp_path) as url:
        config = tmp_path / "kefu.toml"
        lines = ["[storage]", f"data = {json.dumps(str(tmp_path / 'data'))}", f'url = "{url}"']
        config.write_text("\n".join(lines))
        yield config, {"KEFU_STORAGE_URL": url}


@pytest.mark.postgres
def test_a_backup_of_postgresql_is_restored_with_its_files(tmp_path, postgresql):
    config, env = postgresql
    target, data = tmp_path / "b.tar", tmp_path / "data"
    with running(data, env) as server:
        shopper = Shopper(server)
        shopper.send_file()
        kept = shopper.download()
        kefu("backup", target, "--config", config)
        shopper.say()
    assert "--replace" in refusal("restore", target, "--config", config)
    assert "postgresql" in refusal("restore", target, "--data", tmp_path / "other")

    kefu("restore", target, "--replace", "--config", config)
    with running(data, env) as server:
        shopper.server = server
        history = kefu("history", "--json", "--config", config)
        assert "message 0" in history
        assert "message 1" not in history
        assert shopper.download() == kept
    assert len(list(data.glob("before-restore-*/kefu.pgdump"))) == 1


@contextmanager
def running(data, env):
    server = KefuServer(data)
    server.start(env=env)
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.postgres
def test_without_the_programs_of_postgresql_a_backup_says_what_to_install(tmp_path, postgresql):
    config, _ = postgresql
    env = {**ENGLISH, "PATH": ""}
    line = refused("backup", tmp_path / "b.tar", "--config", config, env=env)
    assert "install PostgreSQL's client programs" in line
