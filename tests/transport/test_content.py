"""Which content coding an answer has, by what the client says that it takes."""

import gzip
import time

import pytest
from starlette.requests import Request
from starlette.responses import Response

from kefu.transport.content import (
    LEAST_BYTES,
    MOST_HEADER_CHARS,
    Content,
    choose,
    compress,
    read_folder,
)

TEXT = b"All of it is said again and again. " * 200


def asking(*accepted, method="GET", **headers):
    lines = [("accept-encoding", one) for one in accepted]
    lines += [(name.replace("_", "-"), value) for name, value in headers.items()]
    raw = [(name.encode(), value.encode()) for name, value in lines]
    return Request({"type": "http", "method": method, "headers": raw})


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZip ; q=0.5", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=0", None),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "gzip"),
        ("*;q=0", None),
        ("identity", None),
        ("gzip;q=0.5, identity;q=0.8", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0, gzip", "gzip"),
        ("deflate, x-unknown", None),
        ("gzip;q=nan", None),
        ("gzip;q=2", None),
        ("gzip;q=-1, br;q=1e3", None),
        ("gzip;level=9", None),
        (",,, gzip,", "gzip"),
        ("gzip" + " " * MOST_HEADER_CHARS, None),
    ],
)
def test_the_coding_is_the_best_that_the_client_weighs_highest(accepted, chosen):
    assert choose(accepted, ["br", "gzip"]) == chosen


@pytest.mark.parametrize("separator", [",", ";", " ", "=", "q=", "\t", ",;"])
def test_a_header_of_separators_costs_nothing(separator):
    before = time.process_time()
    for _ in range(100):
        choose(separator * 60_000, ["br", "gzip"])
        choose((separator * 60_000)[:MOST_HEADER_CHARS], ["br", "gzip"])
    assert time.process_time() - before < 1


def test_several_header_lines_are_one():
    answer = Content.of(TEXT, "text/plain").answer(asking("deflate", "gzip"), {})
    assert answer.headers["content-encoding"] == "gzip"


def test_each_coding_has_a_tag_of_its_own_that_its_content_makes():
    content, other = Content.of(TEXT, "text/plain"), Content.of(TEXT + b"!", "text/plain")
    tags = [
        one.answer(asking(accepted), {}).headers["etag"]
        for one in (content, other)
        for accepted in ("gzip", "identity")
    ]
    assert len(set(tags)) == 4
    again = Content.of(TEXT, "text/plain").answer(asking("gzip"), {})
    assert again.headers["etag"] == tags[0]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_already_is_not_sent_it_again(form):
    content = Content.of(TEXT, "text/plain")
    tag = content.answer(asking("gzip"), {}).headers["etag"]
    answer = content.answer(asking("gzip", if_none_match=form.format(tag)), {"cache-control": "x"})
    assert (answer.status_code, answer.body) == (304, b"")
    assert answer.headers["etag"] == tag
    assert (answer.headers["vary"], answer.headers["cache-control"]) == ("Accept-Encoding", "x")
    assert "content-encoding" not in answer.headers
    plain = content.answer(asking("identity", if_none_match=f"{tag}"), {})
    assert plain.status_code == 200


def test_a_copy_is_not_kept_beyond_the_headers_that_it_came_under():
    content = Content.of(TEXT, "text/plain")

    def tag(under):
        return content.answer(asking("gzip"), {}, under=under).headers["etag"]

    assert tag("a") == tag("a")
    assert len({tag("a"), tag("b"), tag("")}) == 3
    known = asking("gzip", if_none_match=tag("a"))
    assert content.answer(known, {}, under="a").status_code == 304
    assert content.answer(known, {}, under="b").status_code == 200


def test_what_is_small_stays_as_it_is():
    answer = Content.of(TEXT[: LEAST_BYTES - 1], "text/plain").answer(asking("gzip"), {})
    assert answer.body == TEXT[: LEAST_BYTES - 1]
    assert "vary" not in answer.headers


def test_a_folder_is_read_with_the_copies_beside_its_files(tmp_path):
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "index.html.br", "assets/a.js", "assets/a.js.gz", ".hidden"):
        (tmp_path / name).write_text(name)
    (tmp_path / "lone.gz").write_text("a file of its own")
    files = read_folder(tmp_path)
    assert files.keys() == {"index.html", "assets/a.js", "lone.gz"}
    script = files["assets/a.js"].answer(asking("br, gzip"), {})
    assert (script.body, script.headers["content-encoding"]) == (b"assets/a.js.gz", "gzip")
    assert script.headers["content-type"].startswith("text/javascript")
    page = files["index.html"].answer(asking("gzip"), {})
    assert page.body == b"index.html"
    assert page.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("size", [LEAST_BYTES, 100_000])
async def test_an_answer_is_coded_as_it_goes_out(size):
    body = (TEXT * 20)[:size]
    answer = Response(body, headers={"vary": "Origin"})
    await compress(asking("gzip"), answer)
    assert gzip.decompress(answer.body) == body
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Origin, Accept-Encoding"


@pytest.mark.parametrize(("body", "accepted"), [(TEXT[:1000], "gzip"), (TEXT, "br")])
async def test_an_answer_stays_as_it_is_where_coding_it_serves_nobody(body, accepted):
    answer = Response(body)
    await compress(asking(accepted), answer)
    assert answer.body == body
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"
