"""The OpenAPI document as one page for people: complete, without a script, and offline.

Rules: made of the document alone, so it cannot say anything else; everything in it is escaped. The
words around it are English or Chinese, as the browser asks; what commands do is told in English.
Not here: the document (``openapi``), the look (``docs.css``).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable
from html import escape
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]

SITE = "https://chat.example.com"
_WORDS = {
    "en": {
        "title": "Kefu's REST API",
        "machine": "For tools: the same as an OpenAPI document",
        "contents": "Contents",
        "schemas": "Values",
        "who": "Who",
        "parameters": "Parameters",
        "body": "Body",
        "answers": "Answers",
        "required": "required",
        "default": "default",
        "deep": "What these words are",
    },
    "zh": {
        "title": "客服 Kefu 的 REST API",
        "machine": "供工具使用：同样内容的 OpenAPI 文档",
        "contents": "目录",
        "schemas": "数据",
        "who": "谁可以用",
        "parameters": "参数",
        "body": "请求体",
        "answers": "应答",
        "required": "必填",
        "default": "默认",
        "deep": "数据的结构",
    },
}
_WHO = {
    "en": {
        "agent": "the team: a session or an API token",
        "visitor": "visitors: a device's token",
        "both": "the team and visitors",
        "anyone": "anybody",
    },
    "zh": {
        "agent": "客服：会话或 API 令牌",
        "visitor": "访客：设备令牌",
        "both": "客服和访客",
        "anyone": "任何人",
    },
}
_LANGUAGES = {"zh": "zh-CN"}
_ENDLESS = 2**31  # a bound that is there for the store's sake
_BOUNDS = (
    ("minimum", "≥ {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"),
    ("minLength", "≥ {} characters"),
    ("maxLength", "≤ {} characters"),
    ("minItems", "≥ {} items"),
    ("maxItems", "≤ {} items"),
)


def language_of(accepted: str) -> str:
    """``zh`` or ``en``, by an ``Accept-Language`` header."""
    wanted: list[tuple[float, str]] = []
    for part in accepted[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        quality = float(weight) if re.fullmatch(r"[01](\.[0-9]{1,3})?", weight) else 1.0
        language = name.lower().partition("-")[0]
        if language in _WORDS and quality:
            wanted.append((quality, language))
    return max(wanted, key=lambda one: one[0])[1] if wanted else "en"


def missing_page(language: str, detail: str) -> str:
    """The page in place of one that is not there, where no pages were built, as HTML."""
    title, home = {
        "en": ("Not found", "To the start page"),
        "zh": ("找不到页面", "回到首页"),
    }[language]
    return (
        f'<!doctype html><html lang="{_LANGUAGES.get(language, language)}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · Kefu</title>"
        '<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/api/v1/docs.css"></head>'
        f"<body><main><h1>{title}</h1><p>{escape(detail)}</p>"
        f'<p><a href="/">{home}</a></p></main></body></html>'
    )


def render(document: Json, language: str) -> str:
    """The page, as HTML."""
    return _Page(document, language).html()


class _Page:
    def __init__(self, document: Json, language: str) -> None:
        self._document = document
        self._words, self._who = _WORDS[language], _WHO[language]
        self._language = _LANGUAGES.get(language, language)
        self._by_tag: dict[str, list[tuple[str, str, Json]]] = {}
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self._by_tag.setdefault(operation["tags"][0], []).append((method, path, operation))

    def html(self) -> str:
        words, info = self._words, self._document["info"]
        parts = [
            f'<!doctype html><html lang="{self._language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{words['title']}</title>",
            '<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/api/v1/docs.css">',
            "</head><body>",
            f"<header><h1>{words['title']} <small>{escape(info['version'])}</small></h1>",
            _prose(info["description"]),
            f'<p><a href="/api/v1/openapi.json">{words["machine"]}</a></p>',
            self._proofs(),
            "</header>",
            f'<nav aria-label="{words["contents"]}"><ul>',
            *(f'<li><a href="#{tag}">{tag}</a></li>' for tag in sorted(self._by_tag)),
            f'<li><a href="#values">{words["schemas"]}</a></li></ul></nav><main>',
        ]
        for tag in sorted(self._by_tag):
            parts.append(f'<section id="{tag}"><h2>{tag}</h2>')
            parts += [self._operation(*one) for one in self._by_tag[tag]]
            parts.append("</section>")
        parts += [self._values(), "</main></body></html>"]
        return "".join(parts)

    def _proofs(self) -> str:
        """How a request says who asks."""
        schemes = self._document["components"].get("securitySchemes", {}).values()
        rows = [
            (one.get("name", "Authorization: Bearer"), {**one, "type": one.get("in", "header")})
            for one in schemes
        ]
        table = self._table("", [(*row, False) for row in rows])
        return f"<h2>{self._words['who']}</h2>{table}"

    def _operation(self, method: str, path: str, operation: Json) -> str:
        name = escape(operation["operationId"])
        words = self._words
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        return "".join(
            (
                f'<article id="{name}"><h3><a href="#{name}">{name}</a></h3>',
                f'<p class="route"><b class="{method}">{method.upper()}</b> ',
                f"<code>{_breakable(path)}</code></p><p>{_inline(operation['summary'])}</p>",
                _prose(operation.get("description", "")),
                f"<p>{words['who']}: {self._who[operation.get('x-kefu-who', 'anyone')]}</p>",
                self._table(words["parameters"], _parameters(operation)),
                self._table(words["body"], _properties(body.get("schema", {}))),
                f'<pre tabindex="0"><code>{escape(_curl(method, path, operation))}</code></pre>',
                f"<details><summary>{words['answers']}</summary>",
                *(_answer(status, one) for status, one in operation["responses"].items()),
                "</details></article>",
            )
        )

    def _values(self) -> str:
        parts = [f'<section id="values"><h2>{self._words["schemas"]}</h2>']
        for name, schema in self._document["components"]["schemas"].items():
            parts.append(f'<article id="value-{escape(name)}"><h3>{escape(_title(name))}</h3>')
            parts.append(_prose(schema.get("description", "")))
            rows = _properties(schema)
            parts.append(self._table("", rows) if rows else f"<p>{_kind(schema)}</p>")
            parts.append("</article>")
        return "".join([*parts, "</section>"])

    def _table(self, title: str, rows: list[tuple[str, Json, bool]]) -> str:
        if not rows:
            return ""
        words, lines = self._words, []
        for name, schema, required in rows:
            must = f" <em>{words['required']}</em>" if required else ""
            default = schema.get("default")
            kind = _kind(schema)
            if default not in (None, (), [], {}, ""):
                kind += f", {words['default']} <code>{escape(json.dumps(default))}</code>"
            said = _inline(schema.get("description", ""))
            lines.append(
                f"<dt><code>{escape(name)}</code>{must}</dt><dd><span>{kind}</span> {said}</dd>"
            )
        heading = f"<h4>{title}</h4>" if title else ""
        return f"{heading}<dl>{''.join(lines)}</dl>"


def _parameters(operation: Json) -> list[tuple[str, Json, bool]]:
    return [
        (one["name"], {**one["schema"], "description": one.get("description", "")}, _needed(one))
        for one in operation.get("parameters", ())
    ]


def _needed(parameter: Json) -> bool:
    return bool(parameter.get("required", False))


def _properties(schema: Json) -> list[tuple[str, Json, bool]]:
    required = schema.get("required", ())
    return [(name, one, name in required) for name, one in schema.get("properties", {}).items()]


def _kind(schema: Json) -> str:
    """What a value may be, in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#value-{escape(name)}">{escape(_title(name))}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " · ".join(f"<code>{escape(json.dumps(one))}</code>" for one in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(json.dumps(schema['const']))}</code>"
    words = [str(schema.get("format") or schema.get("type") or "any")]
    if "prefixItems" in schema:
        return "[" + ", ".join(_kind(one) for one in schema["prefixItems"]) + "]"
    if schema.get("type") == "array" and schema.get("items"):
        words = [f"array of ({_kind(schema['items'])})"]
    for name, said in _BOUNDS:
        bound = schema.get(name)
        if bound is not None and not (isinstance(bound, int) and bound >= _ENDLESS):
            words.append(escape(said.format(bound)))
    if "pattern" in schema:
        words.append(f"<code>{escape(schema['pattern'])}</code>")
    return ", ".join(words)


def _answer(status: str, answer: Json) -> str:
    content = answer.get("content", {}).get("application/json", {})
    codes = content.get("examples", {})
    named = " ".join(f"<code>{escape(code)}</code>" for code in codes)
    kind = "" if codes or "schema" not in content else _kind(content["schema"])
    return f"<p><b>{status}</b> {named or kind} {_inline(answer['description'])}</p>"


def _curl(method: str, path: str, operation: Json) -> str:
    """How to ask for it from a shell."""
    examples = {
        one["name"]: one["example"] for one in operation.get("parameters", ()) if "example" in one
    }
    query = {
        one["name"]: examples[one["name"]]
        for one in operation.get("parameters", ())
        if one["in"] == "query" and one["name"] in examples
    }
    for name, value in examples.items():
        path = path.replace(f"{{{name}}}", str(value))
    url = f"{SITE}{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
    words = ["curl", *(["-X", method.upper()] if method not in ("get", "post") else []), url]
    if any("bearer" in way for way in operation["security"]):
        words += ["-H", "Authorization: Bearer $TOKEN"]
    if operation.get("x-kefu-who") == "visitor":  # a device that has not written needs it
        words += ["-H", "X-Kefu-Widget: $WIDGET"]
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        body = json.dumps(content["application/json"]["example"], ensure_ascii=False)
        words += ["--json", body]
    elif content:
        words += ["--data-binary", "@sunset.jpg"]
    return " ".join(f'"{word}"' if "$" in word else shlex.quote(word) for word in words)


def _title(name: str) -> str:
    first, _, of = name.partition("_")
    return f"{first} of {of[:-1]}" if of.endswith("_") else name


def _breakable(path: str) -> str:
    return escape(path).replace("/", "<wbr>/")


def _prose(text: str) -> str:
    paragraphs: Iterable[str] = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{_inline(one)}</p>" for one in paragraphs if one)


def _inline(text: str) -> str:
    return re.sub(r"``?([^`]+)``?", r"<code>\1</code>", escape(" ".join(text.split())))
