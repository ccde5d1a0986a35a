"""What a message may hold beside its text: cards, quick replies and forms; and answers to a form.

Rules: the structs are the wire form, the stored form and, by msgspec, the JSON schema. Every text
and list is bounded. A struct that exists is good: its ``__post_init__`` has checked what a schema
cannot say (msgspec makes a ValidationError with the path of it). A pre-chat form is a ``Form`` like
any other. Labels are plain text; only the text of a message and of a card is Markdown.
Not here: drawing (``web``), files, what an answer does to the conversation (``actions``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, Final, Literal, get_args
from unicodedata import category

import msgspec
from msgspec import Meta

from kefu.core.addresses import clean_email, clean_phone
from kefu.core.attributes import VALUE_CHARS, Scalar, check_scalar
from kefu.core.errors import BadInput
from kefu.core.links import PICTURES, URL_CHARS, is_safe_url
from kefu.core.text import is_storable

TEXT_CHARS = 10_000
BLOCKS = 10
OPTIONS = 30

_BREAKS = frozenset({"Cc", "Zl", "Zp"})

Text = Annotated[str, Meta(max_length=TEXT_CHARS, description="Markdown.")]
Label = Annotated[str, Meta(min_length=1, max_length=100)]
Value = Annotated[str, Meta(min_length=1, max_length=200)]
Short = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=2_000)]
# `$` alone would let a line break pass at the end; this says the same in Python and JavaScript.
Name = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]*$(?!\n)", max_length=64)]
Url = Annotated[str, Meta(min_length=1, max_length=URL_CHARS, extra_json_schema={"format": "uri"})]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all parts: whatever text it has can be kept by every store."""

    def __post_init__(self) -> None:
        """Raises ValueError: a part that may not exist."""
        for value in msgspec.structs.astuple(self):
            if isinstance(value, str) and not is_storable(value):
                raise ValueError("text has characters that cannot be kept")


class LinkButton(Part, frozen=True, tag="link"):
    """Opens a page. ``url``: http, https, mailto or tel."""

    label: Label
    url: Url

    def __post_init__(self) -> None:
        """Raises ValueError."""
        super().__post_init__()
        if not is_safe_url(self.url):
            raise ValueError("url must be an absolute http, https, mailto or tel link")


class ReplyButton(Part, frozen=True, tag="reply"):
    """Sends ``value`` as the visitor's message."""

    label: Label
    value: Value


class Card(Part, frozen=True, tag="card"):
    """A picture, a few words, and what can be done about them. ``image_url``: https."""

    title: Label
    text: Annotated[Long, Meta(description="Markdown.")] = ""
    image_url: Url | None = None
    image_alt: Short = ""
    buttons: Annotated[tuple[LinkButton | ReplyButton, ...], Meta(max_length=5)] = ()

    def __post_init__(self) -> None:
        """Raises ValueError."""
        super().__post_init__()
        if self.image_url is not None and not is_safe_url(self.image_url, PICTURES):
            raise ValueError("image_url must be an absolute https link")


class Option(Part, frozen=True):
    """One of several. ``label`` is shown, ``value`` is sent."""

    label: Label
    value: Value


class QuickReplies(Part, frozen=True, tag="quick_replies"):
    """Answers to pick from, under the message that asks."""

    options: Annotated[tuple[Option, ...], Meta(min_length=1, max_length=OPTIONS)]

    def __post_init__(self) -> None:
        """Raises ValueError."""
        _check_unique("option", [option.value for option in self.options])


class Field(Part, frozen=True):
    """One question of a form. ``options`` are for ``select`` and for nothing else."""

    name: Name
    label: Label
    type: Literal["text", "email", "phone", "number", "select", "checkbox", "textarea"] = "text"
    required: bool = False
    placeholder: Short = ""
    options: Annotated[tuple[Option, ...], Meta(max_length=OPTIONS)] = ()

    def __post_init__(self) -> None:
        """Raises ValueError."""
        super().__post_init__()
        if bool(self.options) != (self.type == "select"):
            raise ValueError("options are for a select, which needs some")
        _check_unique("option", [option.value for option in self.options])


class Form(Part, frozen=True, tag="form"):
    """Questions that are answered together."""

    fields: Annotated[tuple[Field, ...], Meta(min_length=1, max_length=20)]
    title: Short = ""
    submit: Short = ""  # the button's label; "": the reader's language decides

    def __post_init__(self) -> None:
        """Raises ValueError."""
        super().__post_init__()
        _check_unique("field", [field.name for field in self.fields])


Asked = Literal["name", "email", "phone"]  # of whoever answers a form, and kept beside it
ASKED: Final[tuple[Asked, ...]] = get_args(Asked)
Block = Card | QuickReplies | Form
Blocks = Annotated[tuple[Block, ...], Meta(max_length=BLOCKS)]


def only_form(blocks: Sequence[Block]) -> Form | None:
    """The form that answers to this message are for. Raises BadInput: there are two."""
    forms = [block for block in blocks if isinstance(block, Form)]
    if len(forms) > 1:
        raise BadInput("blocks: one form to a message")
    return forms[0] if forms else None


def fields_about(form: Form | None) -> dict[Asked, str]:
    """Which field asks for what is kept of whoever answers: the first of each kind."""
    found: dict[Asked, str] = {}
    for field in form.fields if form else ():
        kind = "name" if (field.name, field.type) == ("name", "text") else field.type
        for one in ASKED:
            if kind == one:
                found.setdefault(one, field.name)
    return found


def sparing(form: Form, known: Collection[str]) -> Form:
    """``form`` as it is asked of somebody: no field that is ``known`` has to be answered."""
    replace = msgspec.structs.replace
    fields = (replace(one, required=one.required and one.name not in known) for one in form.fields)
    return replace(form, fields=tuple(fields))


def check_answers(form: Form, answers: Mapping[str, object]) -> dict[str, Scalar]:
    """``answers`` (field name → answer) as they are stored, in the form's order.

    A question left out, null, or answered with blanks has no answer. Raises BadInput, which names
    the field.
    """
    for name in answers:
        if all(name != field.name for field in form.fields):
            raise BadInput("answers: there is a field that the form has not")
    given = {field.name: _check_answer(field, answers.get(field.name)) for field in form.fields}
    return {name: answer for name, answer in given.items() if answer is not None}


def _check_answer(field: Field, raw: object) -> Scalar | None:
    where = f"answers.{field.name}"
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        answer = None
    else:
        answer = _TYPES[field.type](field, where, raw)
    # To tick a box that must be ticked is what the answer is for: terms, a consent.
    if field.required and (answer is None or answer is False):
        raise BadInput(f"{where}: is required")
    return answer


def _text_answer(field: Field, where: str, raw: object) -> Scalar:
    if not isinstance(raw, str):
        raise BadInput(f"{where}: must be text")
    if field.type == "textarea":
        if len(raw) > TEXT_CHARS or not is_storable(raw):
            raise BadInput(f"{where}: over {TEXT_CHARS} characters, or some that cannot be kept")
        return raw
    line = raw.strip()
    if len(line) > VALUE_CHARS or not is_storable(line) or _BREAKS & set(map(category, line)):
        raise BadInput(f"{where}: one line of at most {VALUE_CHARS} characters")
    return line


def _address_answer(field: Field, where: str, raw: object) -> Scalar:
    if not isinstance(raw, str):
        raise BadInput(f"{where}: must be text")
    try:
        return clean_email(raw) if field.type == "email" else clean_phone(raw)
    except BadInput as error:
        raise BadInput(f"{where}: {error.detail.partition(': ')[2]}") from None


def _number_answer(field: Field, where: str, raw: object) -> Scalar:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise BadInput(f"{where}: must be a number")
    return check_scalar(where, raw)


def _select_answer(field: Field, where: str, raw: object) -> Scalar:
    for option in field.options:
        if raw == option.value:
            return option.value
    raise BadInput(f"{where}: must be one of the options")


def _checkbox_answer(field: Field, where: str, raw: object) -> Scalar:
    if not isinstance(raw, bool):
        raise BadInput(f"{where}: must be true or false")
    return raw


_TYPES: dict[str, Callable[[Field, str, object], Scalar]] = {
    "text": _text_answer,
    "textarea": _text_answer,
    "email": _address_answer,
    "phone": _address_answer,
    "number": _number_answer,
    "select": _select_answer,
    "checkbox": _checkbox_answer,
}


def _check_unique(what: str, names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"{what}s must differ")
