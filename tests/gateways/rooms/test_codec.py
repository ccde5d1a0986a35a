"""Frames of the rooms protocol, in and out."""

import json

import pytest

from kefu.core.errors import BadInput
from kefu.gateways.rooms import codec


def test_a_line_is_one_text_frame_with_the_tutorials_keys():
    frame = codec.line("你好", "小李")
    assert frame[0] == 0x81  # RFC 6455 section 5.2: FIN, text
    assert json.loads(frame[2:]) == {"neiRong": "你好", "shuiFaDe": "小李"}


def test_other_keys_are_ignored_and_text_is_verbatim():
    assert codec.decode('{"a":[1],"neiRong":" <b>\\u4f60 ","shuiFaDe":"系统"}') == " <b>你 "


def test_the_last_of_two_keys_counts_as_in_the_tutorial():
    assert codec.decode('{"neiRong":"a","neiRong":"b"}') == "b"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ('{"neiRong":"\\ud800"}', "JSON"),
        ('{"x":' + "[" * 100_000, "JSON"),
        ("1" * 400, "格式"),
        ("null", "格式"),
        ('{"neirong":"a"}', "格式"),
        ('{"neiRong":["a"]}', "格式"),
        ('{"neiRong":"\\u0000"}', "U+0000"),
    ],
)
def test_a_fault_is_named(data, fault):
    with pytest.raises(BadInput, match=fault.replace("+", r"\+")):
        codec.decode(data)
