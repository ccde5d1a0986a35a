"""The sizes that keep the house readable: CONTRIBUTING.md."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path.relative_to(ROOT)
    for folder in ("src", "tests", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if path.parent.name != "versions"  # a migration is a list
)
FUNCTION_LINES = 60  # from `def` to the end, without the docstring


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_functions_stay_small(path):
    source = (ROOT / path).read_text(encoding="utf-8")
    too_long = [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and length(node) > FUNCTION_LINES
    ]
    assert not too_long


def length(node):
    doc = node.body[0] if ast.get_docstring(node) else None
    doc_lines = doc.end_lineno - doc.lineno + 1 if doc else 0
    return node.end_lineno - node.lineno + 1 - doc_lines
