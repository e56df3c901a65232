"""A photo or scan becomes a one-page PDF of its pixels alone. Only in the inspector."""

from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError

from foundation.documents.errors import Refusal

MAX_PIXELS = 40_000_000
#: A4 at 300 dpi, and its size in inches: larger photos are scaled down to that.
_LONG_SIDE = 3508
_A4_INCHES = (8.27, 11.69)
_ORIENTATION = 0x0112
#: What each value of EXIF's orientation asks for.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}


def to_pdf(given: Path, made: Path, content_type: str) -> None:
    """Write the image as one page, upright, no larger than A4. EXIF and all else is left behind."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(given, formats=[_FORMATS[content_type]]) as image:
            pixels = image.width * image.height
            if pixels > MAX_PIXELS:
                raise Refusal("too_many_pixels", pixels=pixels // 1_000_000)
            page = _upright(image)
    except Image.DecompressionBombError:
        raise Refusal("too_many_pixels", pixels="80 or more") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Refusal("broken_image") from None
    short, long = sorted(page.size)
    resolution = max(short / _A4_INCHES[0], long / _A4_INCHES[1], 72.0)
    page.save(made, "PDF", resolution=resolution, quality=88)


def _upright(image: Any) -> Any:
    # A JPEG can be decoded at half its size or less, which saves the memory of the full one.
    image.draft(None, (_LONG_SIDE, _LONG_SIDE))
    turned = image.getexif().get(_ORIENTATION)
    flat = _flat(image)
    flat.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
    if flat.mode == "RGBA":
        white = Image.new("RGB", flat.size, "white")
        white.paste(flat, mask=flat.getchannel("A"))
        flat = white
    # What is left of comments, profiles and EXIF would be written again from here.
    flat.info = {}
    return flat.transpose(_TURNS[turned]) if turned in _TURNS else flat


def _flat(image: Any) -> Any:
    """Grey, colour, or colour with transparency: modes that can be scaled smoothly."""
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith(("I", "F")):
        # 16 bits a pixel: a plain conversion would cut off all but the darkest.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")
