"""The fonts that come with the program, so that every language it speaks can be read on every system.

Subsets of Noto Sans CJK (SIL Open Font License 1.1), made with fontTools: for Korean the syllables of KS X 1001 and
what the catalogue uses, in two weights; for Japanese and Chinese what the catalogues use, since systems whose people
read these have fonts for the rest. Each has a family name of its own, never mistaken for that of an installed one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import languages
from folder import ROOT, BuildError, say

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FONTS = ROOT / "resources" / "fonts"
SOURCES = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"))
_MADE = {"ko": ("KR", ("Regular", "Bold")), "ja": ("JP", ("Regular",)), "zh_CN": ("SC", ("Regular",))}
_LATIN = ((0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2027), (0x2030, 0x203A), (0x2190, 0x2199), (0x3000, 0x3011))
_KANA = ((0x3041, 0x30FF), (0xFF01, 0xFF5E))  # and the wide forms of ASCII
_SINGLE = "€−≈≤≥×▸½"
_FEATURES = ("kern", "tnum", "liga", "locl")
_ASCENT, _DESCENT = 0.95, 0.25
_FAMILY, _FULL, _POSTSCRIPT = (1, 16), 4, 6


def make() -> None:
    """resources/fonts/*.otf, of the Noto Sans CJK that is installed here."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for language, (region, weights) in _MADE.items():
        for weight in weights:
            font = _installed(region, weight)
            _keep(font, set(characters(language)))
            _tighten(font)
            _lower_ellipsis(font)
            _rename(font, f"OASIS Studio Sans {region}", weight)
            path = FONTS / f"studio-{language}-{weight.lower()}.otf"
            font.save(path)
            say(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


def characters(language: str) -> Iterator[str]:
    """What the font of a language has to have."""
    for first, last in _LATIN:
        yield from (chr(number) for number in range(first, last + 1))
    yield from _SINGLE
    yield from "".join(language_names())
    for domain in languages.DOMAINS:
        for message in languages.read(language, domain):
            yield from message.string if isinstance(message.string, str) else "".join(message.string)
    if language == "ko":
        yield from syllables()
    else:
        yield from (chr(number) for first, last in _KANA for number in range(first, last + 1))


def syllables() -> Iterator[str]:
    """The 2,350 of KS X 1001, which nearly all Korean text is written with, and the letters they are made of."""
    for row in range(0xB0, 0xC9):
        for place in range(0xA1, 0xFF):
            yield bytes([row, place]).decode("euc_kr")
    yield from (chr(number) for number in range(0x3131, 0x318F))


def language_names() -> list[str]:
    """What the languages call themselves: they are shown together."""
    from oasis_studio.i18n import LANGUAGES

    return list(LANGUAGES.values())


def _installed(region: str, weight: str) -> TTFont:
    from fontTools.ttLib import TTCollection

    name = f"NotoSansCJK-{weight}.ttc"
    path = next((folder / name for folder in SOURCES if (folder / name).is_file()), None)
    if path is None:
        raise BuildError(f"{name} is not installed here (Debian: fonts-noto-cjk).")
    wanted = f"Noto Sans CJK {region}"
    return next(font for font in TTCollection(path).fonts if _family(font) == wanted)


def _family(font: TTFont) -> str:
    return str(font["name"].getDebugName(16) or font["name"].getDebugName(1))


def _keep(font: TTFont, wanted: set[str]) -> None:
    from fontTools import subset

    options = subset.Options(layout_features=list(_FEATURES), hinting=False, notdef_outline=True, name_IDs=["*"])
    options.prune_codepage_ranges = options.prune_unicode_ranges = False  # Qt asks these which scripts it is for
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(wanted))
    subsetter.subset(font)


def _tighten(font: TTFont) -> None:
    """Lines as high as those of other fonts for windows: Noto leaves room for scripts that are not in these."""
    em = font["head"].unitsPerEm
    ascent, descent = round(_ASCENT * em), round(_DESCENT * em)
    head, metrics = font["hhea"], font["OS/2"]
    head.ascent, head.descent, head.lineGap = ascent, -descent, 0
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ascent, -descent, 0
    metrics.usWinAscent, metrics.usWinDescent = ascent, descent


def _lower_ellipsis(font: TTFont) -> None:
    """Three full stops on the line, as menus have it, in the place of dots half way up."""
    from fontTools.pens.t2CharStringPen import T2CharStringPen
    from fontTools.pens.transformPen import TransformPen

    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    dot, name = names[ord(".")], names[ord("…")]
    advance = glyphs[dot].width
    drawn = T2CharStringPen(3 * advance, glyphs)
    for number in range(3):
        glyphs[dot].draw(TransformPen(drawn, (1, 0, 0, 1, number * advance, 0)))
    top = font["CFF "].cff.topDictIndex[0]
    old = top.CharStrings[name]
    top.CharStrings[name] = drawn.getCharString(private=old.private, globalSubrs=old.globalSubrs)
    font["hmtx"][name] = (3 * advance, font["hmtx"][dot][1])


def _rename(font: TTFont, family: str, weight: str) -> None:
    names = font["name"]
    names.names = [entry for entry in names.names if entry.nameID not in (3, 17, *_FAMILY)]
    for number in _FAMILY:
        names.setName(family, number, 3, 1, 0x409)
    names.setName(f"{family} {weight}", _FULL, 3, 1, 0x409)
    names.setName(f"{family}-{weight}".replace(" ", ""), _POSTSCRIPT, 3, 1, 0x409)
    names.setName(weight, 17, 3, 1, 0x409)
    font["CFF "].cff.fontNames = [f"{family}-{weight}".replace(" ", "")]
