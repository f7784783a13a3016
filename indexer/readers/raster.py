"""Pages as pictures fit for recognition: rendered, stamps and signatures faded, straightened."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from indexer.ports import ReadFailure
from indexer.readers import media

DPI = 300
_PIXELS = 40_000_000
"""More than an A3 sheet at 300 dpi; larger pages are rendered coarser."""
_OPENABLE = 120_000_000
_LEAST_PIXELS = 16
_PAGED = frozenset({"TIFF"})
_MOVING = frozenset({"GIF", "PNG", "WEBP"})
_SKEW = 5.0  # degrees looked at on either side
_LEAST_SKEW = 0.15
_COLOURED = 70
"""Difference of the strongest and the weakest colour from which ink is not black."""
_BLUE = 30
"""By how much the blue of a pen's ink is lighter than its red, at least; what a scanner adds to black is less."""
_LEAST_INK = 0.0003


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture of a page; width and height in points as the page is shown."""

    image: Image.Image
    dpi: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at: resolution and sharpening (radius in pixels, strength in per cent)."""

    dpi: float
    radius: float
    strength: int


def page(path: Path, media_type: str, number: int) -> Picture:
    """The picture of one page (from 1) in its colours."""
    return _rendered(path, number) if media_type == media.PDF else frame(path, number)


def text_of(picture: Picture) -> Picture:
    """The page in grey, coloured ink faded, lines level."""
    return replace(picture, image=_straight(_faded(picture.image)))


@dataclass(frozen=True, slots=True)
class Inks:
    """The upper part of a page in grey, level as `text_of` has it, seen through one colour or another."""

    unstamped: Image.Image
    """Without red ink: stamps are red."""
    every: Image.Image
    pen: Image.Image | None
    """Blue ink alone, as black on white; None where a page has no colours."""
    dpi: float


def inks_of(picture: Picture, share: float) -> Inks:
    """The upper `share` of a page through its colours."""
    image = picture.image
    angle = _turn(_faded(image))
    upper = (0, 0, image.width, round(share * image.height))

    def level(grey: Image.Image) -> Image.Image:
        return _turned(grey, angle).crop(upper)

    if image.mode != "RGB":
        grey = ImageOps.autocontrast(level(image.convert("L")), cutoff=(0.5, 1))
        return Inks(grey, grey, None, picture.dpi)
    red, _, blue = image.split()
    pen = ImageChops.subtract(blue, red).point([min(255, max(0, 5 * (value - _BLUE))) for value in range(256)])
    unstamped, every = (ImageOps.autocontrast(level(grey), cutoff=(0.5, 1)) for grey in (red, image.convert("L")))
    return Inks(unstamped, every, level(ImageOps.invert(pen)), picture.dpi)


def stamps_of(picture: Picture) -> Picture | None:
    """The coloured ink on the upper half of a page, as black on white; None where there is hardly any."""
    image = picture.image
    if image.mode != "RGB":
        return None
    upper = image.crop((0, 0, image.width, image.height // 2))
    red, green, blue = upper.split()
    lightest = ImageChops.lighter(red, ImageChops.lighter(green, blue))
    darkest = ImageChops.darker(red, ImageChops.darker(green, blue))
    colour = ImageChops.subtract(lightest, darkest)
    if sum(colour.histogram()[_COLOURED:]) < _LEAST_INK * upper.width * upper.height:
        return None
    return replace(picture, image=ImageOps.invert(colour.point([min(255, 2 * value) for value in range(256)])))


def prepared(picture: Picture, look: Look) -> Picture:
    """A page made ready for one look."""
    image, scale = picture.image, look.dpi / picture.dpi
    if abs(scale - 1) > 0.02:
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        if size[0] * size[1] <= _PIXELS:
            image = image.resize(size, Image.Resampling.LANCZOS)
    dpi = picture.dpi * image.width / picture.image.width
    sharp = image.filter(ImageFilter.UnsharpMask(look.radius, look.strength, 2))
    return replace(picture, image=sharp, dpi=dpi)


def save(picture: Picture, path: Path) -> None:
    """Write the picture for Tesseract; hardly compressed, it is read once."""
    picture.image.save(path, compress_level=1)


def count(path: Path) -> list[tuple[float, float]]:
    """Width and height in points of every picture in an image file."""
    sizes = []
    with _opened(path) as image:
        if min(image.size) < _LEAST_PIXELS:
            raise ReadFailure("no-text", "ảnh quá nhỏ, không thể có chữ")
        for index in range(min(getattr(image, "n_frames", 1), 2000) if image.format in _PAGED else 1):
            image.seek(index)
            dpi = _dpi(image)
            sizes.append((image.width * 72 / dpi, image.height * 72 / dpi))
    return sizes


def moves(path: Path) -> bool:
    """Whether an image file is a moving picture, of which the first is taken."""
    with _opened(path) as image:
        return image.format in _MOVING and getattr(image, "n_frames", 1) > 1


def _opened(path: Path) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = _OPENABLE
    try:
        image = Image.open(path, formats=("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "MPO"))
    except Image.DecompressionBombError as problem:
        raise ReadFailure("too-large", "ảnh quá lớn") from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as problem:
        raise ReadFailure("truncated", "tệp ảnh hỏng hoặc bị cắt cụt") from problem
    if image.width * image.height > _OPENABLE:
        raise ReadFailure("too-large", "ảnh quá lớn")
    return image


def _dpi(image: Image.Image) -> float:
    """The resolution the file states when it is sensible, else what makes the longer side an A4 sheet's."""
    stated = image.info.get("dpi", (0, 0))[0]
    if 100 <= float(stated) <= 1200:
        return float(stated)
    return max(72.0, max(image.width, image.height) / 11.69)


def frame(path: Path, number: int) -> Picture:
    """One picture (from 1) of an image file, upright and in its own colours."""
    with _opened(path) as image:
        try:
            image.seek(number - 1)
            image.load()
        except (OSError, EOFError, ValueError, SyntaxError) as problem:
            raise ReadFailure("truncated", "tệp ảnh hỏng hoặc bị cắt cụt") from problem
        dpi = _dpi(image)
        upright = ImageOps.exif_transpose(_reduced(image))
        dpi *= max(upright.size) / max(image.size)
        width, height = upright.width * 72 / dpi, upright.height * 72 / dpi
        picture = _opaque(upright)
    return Picture(picture, dpi, width, height)


def _reduced(image: Image.Image) -> Image.Image:
    """The picture no larger than a rendered page may be; its orientation stays with it."""
    times = math.ceil((image.width * image.height / _PIXELS) ** 0.5)
    if times < 2:
        return image
    smaller = (image.convert("L") if image.mode == "1" else image).reduce(times)
    smaller.info |= image.info
    return smaller


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in three colours: what is transparent stands on white, 16 bits of grey are brought down to 8."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    shown = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("RGB")


def _rendered(path: Path, number: int) -> Picture:
    import pypdfium2.raw as pdfium

    from indexer.readers.pdf import opened

    with opened(path) as document:
        sheet = pdfium.FPDF_LoadPage(document, number - 1)
        if not sheet:
            raise ReadFailure("truncated", "tệp PDF hỏng: không mở được trang")
        width, height = pdfium.FPDF_GetPageWidthF(sheet), pdfium.FPDF_GetPageHeightF(sheet)
        scale = min(DPI / 72, (_PIXELS / max(1.0, width * height)) ** 0.5)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        bitmap = pdfium.FPDFBitmap_CreateEx(*size, pdfium.FPDFBitmap_BGRx, None, 0)
        if not bitmap:
            raise ReadFailure("memory-limit", "trang quá lớn để vẽ")
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, *size, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, sheet, 0, 0, *size, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * size[1])
        pdfium.FPDFBitmap_Destroy(bitmap)
        pdfium.FPDF_ClosePage(sheet)
    image = Image.frombuffer("RGB", size, data, "raw", "BGRX", stride, 1)
    return Picture(image, scale * 72, width, height)


def _faded(image: Image.Image) -> Image.Image:
    """Grey picture in which coloured ink is pale: of the three colours the lightest counts, so black stays black."""
    if image.mode != "RGB":
        return image.convert("L")
    red, green, blue = image.split()
    return ImageOps.autocontrast(ImageChops.lighter(red, ImageChops.lighter(green, blue)), cutoff=(0.5, 1))


def _straight(image: Image.Image) -> Image.Image:
    return _turned(image, _turn(image))


def _turn(image: Image.Image) -> float:
    angle = skew(image)
    return 0.0 if abs(angle) < _LEAST_SKEW else angle


def _turned(image: Image.Image, angle: float) -> Image.Image:
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255) if angle else image


def skew(image: Image.Image) -> float:
    """Degrees by which to turn a page so that its lines lie level: the turn that sets text rows off most."""
    small = image.convert("L")
    small.thumbnail((900, 900))
    small = small.point([255 if value < 140 else 0 for value in range(256)])
    best = 0.0
    for step, reach in ((1.0, _SKEW), (0.25, 1.0), (0.1, 0.2)):
        angles = [best + step * index for index in range(-round(reach / step), round(reach / step) + 1)]
        best = max(angles, key=lambda angle: (_contrast(small, angle), -abs(angle)))
    return best


def _contrast(image: Image.Image, angle: float) -> float:
    rows = image.rotate(angle, Image.Resampling.BILINEAR).resize((1, image.height), Image.Resampling.BOX)
    return ImageStat.Stat(rows).var[0]
