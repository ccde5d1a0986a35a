"""No pattern of Kefu's can be made slow by what somebody sends.

Every pattern in the sources is found, and fed what would cost it most: 60,000 characters of its own
repeats, by each method that it is used with. None is slow, so none leans on a bound elsewhere.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import kefu
from tests.security.patterns import is_slow

pytestmark = pytest.mark.timeout(240)

ROOT = Path(kefu.__file__).parent
CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}

# Made at run time, of our own texts alone: where.
OURS = {
    "kefu.actions.faults": "its sayings, which are looked at as patterns of the module",
    "kefu.core.markdown": "its patterns, which are looked at as those of the module",
    "kefu.cli.texts": "the command line's, which the operator types",
}


class Found(NamedTuple):
    """A pattern in the sources. ``how``: what it is used with."""

    where: str
    pattern: re.Pattern[Any]
    how: frozenset[str]


def found() -> Iterator[Found]:
    """Every pattern of every module."""
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        name = name.removesuffix(".__init__")
        if "migrations" in name or name.endswith("__main__"):
            continue
        yield from in_module(name, path.read_text("utf-8"), vars(importlib.import_module(name)))


def in_module(name: str, source: str, values: dict[str, Any]) -> Iterator[Found]:
    """Every pattern of one module: those that its calls make, and those that it holds."""
    tree = ast.parse(source)
    used = methods(tree)
    named = {id(one.value) for one in tree.body if isinstance(one, ast.Assign | ast.AnnAssign)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in named:
            continue
        for how, made in made_by(node):
            try:
                pattern = evaluated(made, values)
            except NameError:
                assert name in OURS, f"{name}: a pattern that no test can see: {ast.unparse(node)}"
                continue
            yield Found(name, pattern, frozenset([how]) - {"compile"} or used["*"])
    for key, value in values.items():
        for pattern in held(value):
            yield Found(name, pattern, used.get(key) or used["*"])


def made_by(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """What makes a pattern in a call: ``re.compile(…)`` as a whole, or ``Meta(pattern=…)``."""
    of = node.func
    if isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.value.id == "re":
        if of.attr in CALLS and of.attr != "compile":
            flags = [one.value for one in node.keywords if one.arg == "flags"]
            at = {"sub": 4, "subn": 4, "split": 3}.get(of.attr, 2)
            compiled = ast.Attribute(of.value, "compile", ast.Load())
            args = [node.args[0], *(flags or node.args[at : at + 1])]
            yield of.attr, ast.fix_missing_locations(ast.Call(compiled, args, []))
        elif of.attr == "compile":
            yield "compile", node
    for keyword in node.keywords:
        if keyword.arg == "pattern":
            name = ast.Name("re", ast.Load())
            compiled = ast.Attribute(name, "compile", ast.Load())
            yield "search", ast.fix_missing_locations(ast.Call(compiled, [keyword.value], []))


def evaluated(node: ast.expr, values: dict[str, Any]) -> re.Pattern[Any]:
    code = compile(ast.Expression(ast.fix_missing_locations(node)), "<pattern>", "eval")
    made: re.Pattern[Any] = eval(code, {**values, "re": re})
    return made


def methods(tree: ast.AST) -> dict[str, frozenset[str]]:
    """What each name is used with; ``*``: everything that any is, which is the least we know."""
    used: dict[str, set[str]] = {"*": {"match", "fullmatch", "search"}}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
            continue
        if node.attr in CALLS - {"compile"}:
            used.setdefault(node.value.id, set()).add(node.attr)
    return {name: frozenset(how) for name, how in used.items()}


def held(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from held(one, depth - 1)
    elif depth and isinstance(value, dict):
        yield from held([*value.values()], depth - 1)


def looks(pattern: re.Pattern[Any], how: str) -> Callable[[Any], object]:
    empty = b"" if isinstance(pattern.pattern, bytes) else ""
    if how in ("sub", "subn"):
        return lambda text: pattern.sub(empty, text)
    if how == "finditer":
        return lambda text: [*pattern.finditer(text)]
    look: Callable[[Any], object] = getattr(pattern, how)
    return look


def slow_ones(patterns: Iterable[Found]) -> dict[str, str]:
    """Where a slow pattern is, and with what."""
    tried: dict[str, str] = {}
    for where, pattern, methods_used in patterns:
        for how in sorted(methods_used):
            name = f"{where}: {pattern.pattern!r}.{how}"
            if name not in tried:
                tried[name] = is_slow(pattern, looks(pattern, how))
    return {name: why for name, why in tried.items() if why}


def test_no_pattern_can_be_made_slow_by_what_somebody_sends():
    patterns = [*found()]
    assert len(patterns) > 60  # the search finds them
    assert slow_ones(patterns) == {}


@pytest.mark.parametrize(
    "line",
    [
        """P = re.compile(r'application/json *(; *charset *= *"?utf-8"?)? *'); P.fullmatch(x)""",
        """P = re.compile(r"(a+)+b"); P.match(x)""",
        """P = re.compile(r"[a-z]+:"); P.search(x)""",
        r"""P = re.compile(r"\s*\n\s*x"); P.split(x)""",
        """P = (re.compile(r".*.*=.*"),)""",
        """def f(x): return re.fullmatch(r"(?:a|ab|b)*(?:a|b)*c", x)""",
        """def f(x): return re.sub(r" +$", "", x)""",
        """NAME = Annotated[str, Meta(pattern=r"^[a-z]*[a-z0-9]*$")]""",
        """T = "x*"; P = re.compile(rf"{T}{T}y", re.IGNORECASE); P.fullmatch(x)""",
    ],
)
def test_a_slow_pattern_in_the_sources_would_be_found(line):
    source = "import re\nfrom typing import Annotated\nfrom msgspec import Meta\nx = ''\n" + line
    values: dict[str, Any] = {}
    exec(compile(source, "<mutant>", "exec"), values)
    assert slow_ones(in_module("mutant", source, values))
