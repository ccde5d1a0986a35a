"""What is wrong with the words of a command, in our own words, and what to write instead.

Rules: Typer tells the kind of a fault by the class and the fields of what it raises; what it says
is for its own pages and neither read nor shown. It keeps those classes to itself; their names are
those of Click.
Not here: what is wrong with what the words mean (``running.Unusable``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from typer.exceptions import TyperException

from kefu.cli.running import Unusable
from kefu.cli.texts import Texts
from kefu.core.text import visible

_MOST_SHOWN = 200  # characters of a word that is shown again

# What a value is not, by what Pydantic calls it, and which bound it then names.
_NUMBERS = {
    "greater_than_equal": ("value_below", "ge"),
    "less_than_equal": ("value_above", "le"),
    "int_parsing": ("value_no_number", ""),
    "int_parsing_size": ("value_no_number", ""),
    "int_from_float": ("value_no_number", ""),
}


class Misused(Unusable):
    """The words make no command. ``command``: the one whose help page says how they would."""

    def __init__(self, said: str, command: str) -> None:
        super().__init__(said)
        self.command = command


def is_help(error: TyperException) -> bool:
    """Whether it is the help page of a group, of which no command was named."""
    return type(error).__name__ == "NoArgsIsHelpError"


def fault_of(error: Any, ctx: typer.Context, texts: Texts) -> Misused:
    """What ``error``, a ``TyperException`` but a help page, means to whoever wrote the words."""
    match type(error).__name__:
        case "NoSuchOption":
            known = [name for option in ctx.command.get_params(ctx) for name in option.opts]
            said = _unknown("option", error.option_name, known, texts)
        case "BadOptionUsage":
            said = _half(error.option_name, ctx, texts)
        case "MissingParameter":
            said = texts("missing_word", name=_called(error.param), usage=_usage(ctx))
        case "BadParameter":
            said = _bad_value(error, texts)
        case _:  # a group alone, after "--"
            said = texts("no_command")
    return Misused(said, path_of(ctx))


def unknown_command(ctx: typer.Context, name: str, known: Iterable[str], texts: Texts) -> Misused:
    """There is no command ``name`` in the group."""
    before = path_of(ctx)
    words = [f"{before} {one}" for one in known]
    return Misused(_unknown("command", f"{before} {name}", words, texts), before)


def extra_words(ctx: typer.Context, words: Sequence[str], texts: Texts) -> Misused:
    """There are more words than the command takes."""
    said = texts("extra_words", words=_shown(" ".join(words)), usage=_usage(ctx))
    return Misused(said, path_of(ctx))


def path_of(ctx: typer.Context) -> str:
    """The words before the options, whatever the program was called as."""
    names: list[str] = []
    here: Any = ctx
    while here.parent is not None:
        names.insert(0, str(here.info_name))
        here = here.parent
    return " ".join(["kefu", *names])


def _unknown(kind: str, name: str, known: Iterable[str], texts: Texts) -> str:
    if near := get_close_matches(name, [*known], n=1, cutoff=0.75):
        return texts(f"no_such_{kind}_but", name=_shown(name), near=near[0])
    return texts(f"no_such_{kind}", name=_shown(name))


def _half(name: str, ctx: typer.Context, texts: Texts) -> str:
    """An option without the value that it needs, or with one that it does not take."""
    option: Any = next(one for one in ctx.command.get_params(ctx) if name in one.opts)
    if option.is_flag:
        return texts("value_not_taken", name=name)
    return texts("value_missing", usage=f"{name} {_metavar(option)}")


def _bad_value(error: Any, texts: Texts) -> str:
    # What Pydantic found; nothing, if it was not asked.
    first: dict[str, Any] = {"type": "", "input": ""}
    if error.__cause__ is not None:
        first = error.__cause__.errors()[0]
    about = {"name": _called(error.param), "value": _shown(str(first["input"]))}
    if choices := error.param.type_descriptor.choices:
        listed = ", ".join(str(getattr(one, "value", one)) for one in choices)
        return texts("value_no_choice", choices=listed, **about)
    key, bound = _NUMBERS.get(first["type"], ("value_bad", ""))
    example = error.param.default or 20  # whatever is a number may be left out
    return texts(key, bound=first["ctx"][bound] if bound else "", example=example, **about)


def _usage(ctx: typer.Context) -> str:
    """The command with what it cannot do without."""
    needed = [_called(one) for one in ctx.command.get_params(ctx) if one.required]
    return " ".join([path_of(ctx), *needed])


def _called(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _metavar(parameter)
    return f"{parameter.opts[0]} {_metavar(parameter)}"


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _shown(word: str) -> str:
    return visible(word)[:_MOST_SHOWN]
