"""File names are inert: in a folder, in a header, on a page; and they say what the file is."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.characters import seen
from kefu.core.file_names import clean_file_name, content_disposition

MOST = 200
PNG, TEXT, UNKNOWN = "image/png", "text/plain", "application/octet-stream"


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        ("photo.png", PNG, "photo.png"),
        ("Photo.PNG", PNG, "Photo.PNG"),
        ("合同 最终版.pdf", "application/pdf", "合同 最终版.pdf"),
        ("café.txt".replace("é", "e\u0301"), TEXT, "café.txt"),
        ("../../etc/passwd", TEXT, "passwd"),
        ("..\\..\\windows\\win.ini", TEXT, "win.ini"),
        ("/etc/cron.d/x.png", PNG, "x.png"),
        ("C:\\a\\b.png", PNG, "b.png"),
        ("C:b.png", PNG, "C_b.png"),
        ("..", PNG, "file.png"),
        ("", UNKNOWN, "file"),
        (" . . ", TEXT, "file"),
        (".htaccess", TEXT, "htaccess"),
        ("a\0b.png", PNG, "ab.png"),
        ("a\r\nSet-Cookie: x=1.png", PNG, "a Set-Cookie_ x=1.png"),
        ("gpj\u202eexe.png", PNG, "gpjexe.png"),
        ("a\u2066b\u2069\u200bc\ufeff\u061c.png", PNG, "abc.png"),
        ("a\ud800b.png", PNG, "ab.png"),
        ("\u3164.png", PNG, "png.png"),
        ("photo.png. . .", PNG, "photo.png"),
        ('a"b<c>|d?e*.png', PNG, "a_b_c__d_e_.png"),
        ("a \u00a0\u3000 b.png", PNG, "a b.png"),
        ("CON", TEXT, "_CON"),
        ("con.png", PNG, "_con.png"),
        ("NUL .tar.png", PNG, "_NUL .tar.png"),
        ("com¹.txt", TEXT, "_com¹.txt"),
        ("console.txt", TEXT, "console.txt"),
        ("👨\u200d👩\u200d👧 a.txt", TEXT, "👨\u200d👩\u200d👧 a.txt"),
        ("\U0001fae8\U0001faff.txt", TEXT, "\U0001fae8\U0001faff.txt"),
        ("می\u200cخواهم.txt", TEXT, "می\u200cخواهم.txt"),
        ("a\u200db.txt", TEXT, "ab.txt"),
    ],
)
def test_a_name_is_made_inert(raw, kind, expected):
    assert clean_file_name(raw, kind, MOST) == expected


@pytest.mark.parametrize(
    ("raw", "kind", "expected"),
    [
        ("photo", PNG, "photo.png"),
        ("photo.jpg", PNG, "photo.jpg.png"),
        ("photo.html", PNG, "photo.html.png"),
        ("photo.exe", PNG, "photo.exe.png"),
        ("photo.png", "text/html", "photo.png.html"),
        ("photo.png", "image/svg+xml", "photo.png.svg"),
        ("voice.mp3", TEXT, "voice.mp3.txt"),
        ("README", TEXT, "README"),
        ("app.js", TEXT, "app.js"),
        ("data.csv", TEXT, "data.csv"),
        ("README.md", "text/html", "README.md"),
        ("route.gpx", "application/xml", "route.gpx"),
        ("page", "text/html", "page.html"),
        ("program.jar", "application/zip", "program.jar"),
        ("large.docx", "application/zip", "large.docx"),
        ("photo.png", "application/zip", "photo.png.zip"),
        ("setup.exe", UNKNOWN, "setup.exe"),
        ("photo.jpg", UNKNOWN, "photo.jpg"),
        ("a.long-extension", PNG, "a.long-extension.png"),
    ],
)
def test_an_extension_is_kept_where_it_is_true(raw, kind, expected):
    assert clean_file_name(raw, kind, MOST) == expected


def test_a_long_name_is_cut_before_its_extension():
    assert clean_file_name("长" * 5_000 + ".png", PNG, MOST) == "长" * (MOST - 4) + ".png"
    assert len(clean_file_name("CON." + "a" * 5_000 + ".png", PNG, MOST)) <= MOST
    assert clean_file_name("." * 5_000, PNG, MOST) == "file.png"


@given(
    raw=st.text(st.characters(), max_size=300),
    kind=st.sampled_from([PNG, TEXT, UNKNOWN, "application/zip", "text/html"]),
)
def test_whatever_was_said_the_name_can_be_seen_and_leads_nowhere(raw, kind):
    name = clean_file_name(raw, kind, 40)
    assert 1 <= len(name) <= 40
    assert not set(name) & set('/\\:*?"<>|')
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co") for char in name)
    assert seen(name) == name
    assert name.strip(". ") == name
    assert clean_file_name(name, kind, 40) == name


@given(st.text(st.characters(), max_size=100))
def test_the_header_is_plain_and_carries_the_exact_name(name):
    header = content_disposition(name, inline=False)
    assert header.isascii()
    assert header.isprintable()
    quoted = header.removeprefix('attachment; filename="').partition('"')[0]
    _, _, exact = header.partition("filename*=UTF-8''")
    assert not set(quoted) & set('%"\\\r\n')
    assert (unquote(exact) if exact else quoted) == name.encode(errors="replace").decode()


@pytest.mark.parametrize(
    ("name", "inline", "expected"),
    [
        ("a b.png", True, 'inline; filename="a b.png"'),
        ("合.pdf", False, "attachment; filename=\"_.pdf\"; filename*=UTF-8''%E5%90%88.pdf"),
        (
            "a%2f\"b'.txt",
            False,
            "attachment; filename=\"a_2f_b'.txt\"; filename*=UTF-8''a%252f%22b%27.txt",
        ),
    ],
)
def test_the_header_says_how_to_show_and_how_to_call_it(name, inline, expected):
    assert content_disposition(name, inline=inline) == expected
