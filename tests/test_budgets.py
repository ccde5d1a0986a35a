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


def _calls(path, name):
    """Whether a file of src mentions ``name`` of a module, or imports it by itself."""
    module, _, function = name.partition(".")
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attr):
                if (owner, attr) == (module, function):
                    return True
            case ast.ImportFrom(module=owner):
                if owner == module and any(one.name == function for one in node.names):
                    return True
    return False


@pytest.mark.parametrize(
    ("name", "homes"),
    [
        ("unicodedata.normalize", ["src/kefu/core/characters.py"]),
        ("unicodedata.is_normalized", []),
        ("idna.encode", ["src/kefu/core/addresses.py"]),
        ("idna.uts46_remap", ["src/kefu/net/origins.py"]),
    ],
)
def test_what_takes_the_square_of_a_texts_length_is_called_only_where_it_is_bounded(name, homes):
    found = [str(path) for path in SOURCES if path.parts[0] == "src" and _calls(path, name)]
    assert found == homes


def length(node):
    doc = node.body[0] if ast.get_docstring(node) else None
    doc_lines = doc.end_lineno - doc.lineno + 1 if doc else 0
    return node.end_lineno - node.lineno + 1 - doc_lines
