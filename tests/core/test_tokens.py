"""The form of tokens."""

import hashlib

import pytest

from kefu.core.tokens import Kind, hash_token, kind_of

BODY = "Az09_-" + "x" * 37


@pytest.mark.parametrize("kind", Kind)
def test_a_token_tells_its_kind(kind: Kind):
    assert kind_of(kind + BODY) is kind


@pytest.mark.parametrize(
    "text",
    [
        *["", "ks_", BODY, "kx_" + BODY, "ks_" + BODY[1:], "ks_" + BODY + "x"],
        *["KS_" + BODY, "ks_" + BODY[:-1] + "é", "ks_" + BODY[:-1] + "=", " ks_" + BODY],
        "ks_" + BODY + "\n",
    ],
)
def test_what_only_looks_like_a_token_is_none(text: str):
    assert kind_of(text) is None


def test_the_store_keeps_the_sha256():
    assert hash_token("ks_" + BODY) == hashlib.sha256(b"ks_" + BODY.encode()).hexdigest()
