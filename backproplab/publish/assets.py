"""What pages have inside: fonts and programs of installed packages, so that nothing is asked of a network."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.metadata import Distribution, distribution
from io import BytesIO
from pathlib import Path

NEEDED = ["fonttools", "latex2mathml", "nbclient", "nbconvert", "sphinx-revealjs", "ziamath"]

# Latin, Greek, raised and lowered letters, signs, arrows, shapes; for formulas also slanted letters and high brackets.
LETTERS = [*range(0x20, 0x17F), *range(0x300, 0x400), *range(0x1D2C, 0x1D6B), *range(0x2000, 0x2300)]
LETTERS += [*range(0x25A0, 0x2600), *range(0x2700, 0x27C0)]
SIGNS = [*range(0x20, 0x100), 0x2C6, *range(0x391, 0x3D7), *range(0x2010, 0x2060), *range(0x2100, 0x2150)]
SIGNS += [*range(0x2190, 0x2300), *range(0x23DC, 0x23E2), *range(0x27E6, 0x27F0), *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C)]
MATPLOTLIB, MATH = "matplotlib/mpl-data/fonts/ttf", "ziamath/fonts"
FONTS = [  # family, weight, style; the file, and which of its characters are taken along
    ("DejaVu Sans", 400, "normal", f"{MATPLOTLIB}/DejaVuSans.ttf", LETTERS),
    ("DejaVu Sans", 700, "normal", f"{MATPLOTLIB}/DejaVuSans-Bold.ttf", LETTERS),
    ("DejaVu Sans", 400, "italic", f"{MATPLOTLIB}/DejaVuSans-Oblique.ttf", LETTERS),
    ("DejaVu Sans Mono", 400, "normal", f"{MATPLOTLIB}/DejaVuSansMono.ttf", LETTERS),
    ("DejaVu Sans Mono", 700, "normal", f"{MATPLOTLIB}/DejaVuSansMono-Bold.ttf", LETTERS),
    ("STIX Two Math", 400, "normal", f"{MATH}/STIXTwoMath-Regular.ttf", SIGNS),
]
REVEALJS = "sphinx_revealjs/_static/revealjs"


def missing() -> list[str]:
    """The packages that making slides needs, and that are not installed."""
    return [name for name in NEEDED if next(Distribution.discover(name=name), None) is None]


def fonts() -> list[str]:
    """The rules of all fonts, each with its characters inside."""
    return [font(i) for i in range(len(FONTS))]


@cache
def font(i: int) -> str:
    """A rule with font number `i`, and inside it those of its characters that a lecture may need."""
    from fontTools import subset

    family, weight, style, file, characters = FONTS[i]
    options = subset.Options(flavor="woff", notdef_outline=True)
    options.drop_tables += ["FFTM"]  # when it was made
    with subset.load_font(str(located(file)), options) as whole:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(whole)
        written = BytesIO()
        subset.save_font(whole, written, options)
    source = f"data:font/woff;base64,{base64.b64encode(written.getvalue()).decode()}"
    rule = f'font-family: "{family}"; font-weight: {weight}; font-style: {style}; src: url({source});'
    return f"@font-face {{ {rule} }}"


def inside(program: str) -> str:
    """A program as it may stand in a page: it does not end its own element, and asks for no source map."""
    return re.sub(r"^//# sourceMappingURL=.*", "", program, flags=re.MULTILINE).replace("</script", r"<\/script")


def located(file: str) -> Path:
    """Where a file of an installed package is; the package itself is not imported."""
    package = file.split("/")[0]
    return Path(str(distribution(package.replace("_", "-")).locate_file(file)))
