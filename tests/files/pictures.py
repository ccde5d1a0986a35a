"""Pictures made for a test, with everything in them that a phone writes beside the picture."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"Zhangjiang Road 88"  # what must not get out, in every kind of note
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED, BLUE = (200, 30, 30), (30, 30, 200)


def exif(orientation: int = 1) -> bytes:
    """Exif with a position, a text and a turn."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010E] = SECRET.decode()
    notes.get_ifd(0x8825).update({1: "N", 2: (31.0, 12.0, 30.0), 3: "E", 4: (121.0, 35.0, 9.0)})
    return notes.tobytes()


def two_halves(width: int = 60, height: int = 40) -> Image.Image:
    """A picture whose upper half is red and whose lower half is blue."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (0, height // 2, width, height))
    return picture


def encoded(picture: Image.Image, format_: str, **how: Any) -> bytes:
    held = io.BytesIO()
    picture.save(held, format_, **how)
    return held.getvalue()


def xmp() -> bytes:
    return b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><p>" + SECRET + b"</p></x:xmpmeta>"


def jpeg(orientation: int = 1, **how: Any) -> bytes:
    """A JPEG with Exif, XMP, a comment, a colour profile, FlashPix, and a second picture."""
    notes = {"exif": exif(orientation), "xmp": xmp(), "comment": SECRET, "icc_profile": PROFILE}
    plain = encoded(how.pop("picture", two_halves()), "JPEG", **notes, **how)
    flashpix = b"\xff\xe2" + (len(SECRET) + 7).to_bytes(2, "big") + b"FPXR\0" + SECRET
    return plain[:2] + flashpix + plain[2:] + b"\xff\xd8\xff\xe1" + exif() + SECRET


def png(orientation: int = 1, picture: Image.Image | None = None, **how: Any) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    notes.add_itxt("XML:com.adobe.xmp", xmp().decode())
    notes.add_text("Location", SECRET.decode() * 20, zip=True)
    told = {"exif": exif(orientation), "pnginfo": notes, "icc_profile": PROFILE}
    return encoded(picture or two_halves(), "PNG", **told, **how) + SECRET


def webp(orientation: int = 1, picture: Image.Image | None = None, **how: Any) -> bytes:
    told = {"exif": exif(orientation), "xmp": xmp(), "icc_profile": PROFILE}
    return encoded(picture or two_halves(), "WEBP", **told, **how)


def avif() -> bytes:
    return encoded(two_halves(), "AVIF", exif=exif(), xmp=xmp(), icc_profile=PROFILE)


def frames() -> list[Image.Image]:
    return [Image.new("RGB", (50, 30), color) for color in (RED, BLUE, (10, 200, 10))]


def gif() -> bytes:
    """A GIF that moves, with a comment and XMP as an application's note."""
    first, *rest = frames()
    moving = encoded(
        first, "GIF", save_all=True, append_images=rest, duration=70, loop=3, comment=SECRET
    )
    note = b"\x21\xff\x0bXMP DataXMP" + xmp() + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    at = moving.index(b"\x21\xff\x0bNETSCAPE")
    return moving[:at] + note + moving[at:]


def animated_webp() -> bytes:
    first, *rest = frames()
    return webp(picture=first, save_all=True, append_images=rest, duration=70, loop=3)


def animated_png() -> bytes:
    first, *rest = frames()
    return png(picture=first, save_all=True, append_images=rest, duration=70, loop=3)
