"""The name under which people see and save a file.

Rules: a name is for people, never for finding the file (its storage key is random). What would
leave the folder, hide, steer the text around it or mean a device is taken out; what is left always
says truly what the file is: a known content under the extension of another gets its own at the
end.
Not here: the types (``core.media``).
Sources: RFC 6266 and RFC 8187 (the header), Microsoft's "Naming Files, Paths, and Namespaces".
"""

from __future__ import annotations

import re
from urllib.parse import quote

from kefu.core.characters import seen

NAMELESS = "file"

_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_EXTENSION = re.compile(r"(?<=.)\.([A-Za-z0-9]{1,10})$")
_TOKEN = re.compile(r"[A-Za-z0-9 !#$&'()+,\-.;=@\[\]^_`{}~]*")  # safe between quotes everywhere

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

# The first is given to a file that has none or a wrong one.
_EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/png": ("png", "apng"),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/avif": ("avif",),
    "image/heic": ("heic", "heif", "hif"),
    "image/bmp": ("bmp", "dib"),
    "image/tiff": ("tiff", "tif", "dng", "nef", "arw"),
    "audio/mpeg": ("mp3",),
    "audio/aac": ("aac",),
    "audio/ogg": ("ogg", "oga", "opus", "spx"),
    "audio/wav": ("wav",),
    "audio/flac": ("flac",),
    "audio/amr": ("amr",),
    "audio/mp4": ("m4a", "mp4", "m4b"),
    "audio/webm": ("webm", "weba"),
    "application/ogg": ("ogx", "ogg"),
    "video/ogg": ("ogv", "ogg"),
    "video/mp4": ("mp4", "m4v", "3gp"),
    "video/quicktime": ("mov", "qt"),
    "video/webm": ("webm",),
    "video/x-matroska": ("mkv", "mka"),
    "application/pdf": ("pdf", "ai"),
    "application/gzip": ("gz", "tgz", "svgz"),
    "application/x-7z-compressed": ("7z",),
    "application/vnd.rar": ("rar",),
    f"{OFFICE}wordprocessingml.document": ("docx", "docm", "dotx"),
    f"{OFFICE}spreadsheetml.sheet": ("xlsx", "xlsm", "xltx"),
    f"{OFFICE}presentationml.presentation": ("pptx", "pptm", "potx", "ppsx"),
    f"{OPEN_DOCUMENT}text": ("odt", "ott"),
    f"{OPEN_DOCUMENT}spreadsheet": ("ods", "ots"),
    f"{OPEN_DOCUMENT}presentation": ("odp", "otp"),
}
# Of these there are more kinds than anybody can list: any extension is true that does not belong
# to a type above. Plain text needs none.
_OPEN_ENDED = {
    "text/plain": "txt",
    "text/html": "html",
    "image/svg+xml": "svg",
    "application/xml": "xml",
    "application/zip": "zip",
}
_OWNED = frozenset(extension for every in _EXTENSIONS.values() for extension in every)
_ZIPPED = frozenset(
    extension
    for kind, every in _EXTENSIONS.items()
    if kind.startswith((OFFICE, OPEN_DOCUMENT))
    for extension in every
)


def clean_file_name(raw: str, kind: str, most_chars: int) -> str:
    """Return the name that a file of type ``kind`` is shown and saved under.

    ``raw``: what a client called it, anything. The answer has 1 to ``most_chars`` (at least 32)
    characters, all of which can be seen and none of which means anything to a file system.
    """
    name = re.split(r"[/\\]", raw)[-1]
    name = name[-8 * most_chars :]  # normalising costs time, so bound it first
    name = " ".join(seen(name).split())
    name = _FORBIDDEN.sub("_", name).strip(". ") or NAMELESS
    stem, extension = _divide(name, kind)
    if len(stem) + len(extension) > most_chars:
        stem = seen(stem[: most_chars - len(extension)]).rstrip(". ")
    if _DEVICE.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem[: most_chars - len(extension) - 1]}"
    return stem + extension


def content_disposition(name: str, *, inline: bool) -> str:
    """Return the header's value: pure ASCII, with the exact ``name`` for those that read it.

    ``name``: anything; one that ``clean_file_name`` made keeps its shape.
    """
    kind = "inline" if inline else "attachment"
    if _TOKEN.fullmatch(name):
        return f'{kind}; filename="{name}"'
    fallback = "".join(char if _TOKEN.fullmatch(char) else "_" for char in name)
    exact = quote(name.encode(errors="replace"), safe="!#$&+-.^_`|~")
    return f"{kind}; filename=\"{fallback}\"; filename*=UTF-8''{exact}"


def _divide(name: str, kind: str) -> tuple[str, str]:
    """Divide ``name`` into a stem and a true extension with its dot; "" where none is needed."""
    found = _EXTENSION.search(name)
    claimed = found[1].lower() if found else ""
    if _is_true(claimed, kind):
        return (name[: found.start()], found[0]) if found else (name, "")
    honest = _OPEN_ENDED.get(kind) or _EXTENSIONS[kind][0]
    return name, f".{honest}"


def _is_true(claimed: str, kind: str) -> bool:
    if kind in _EXTENSIONS:
        return claimed in _EXTENSIONS[kind]
    if kind not in _OPEN_ENDED:
        return True  # nothing is known of the content that could belie it
    if not claimed:
        return kind == "text/plain"
    if kind == "application/zip" and claimed in _ZIPPED:
        return True
    return claimed not in _OWNED
