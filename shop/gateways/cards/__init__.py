"""Cards on paper: a certificate drawn as a page of PDF, to be printed, folded and given."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno

from shop.rules.certificates import Face

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
# Millimetres: the card stands in the upper third of an A4 page.
LEFT, TOP, WIDTH, HEIGHT, INNER = 15.0, 20.0, 180.0, 92.0, 10.0
CODE_SIDE = 44.0
PINE, INK, QUIET, MINT, PAPER = (
    (10, 106, 84),
    (24, 32, 28),
    (77, 88, 82),
    (219, 239, 231),
    (255, 255, 255),
)
LINE = 5.2


def drawn(face: Face) -> bytes:
    """Return a PDF of one page with the card on it."""
    from fpdf import FPDF  # Some megabytes that only printing needs.

    page = FPDF(format="A4")
    page.set_title(f"{face.title} · {face.nominal}")
    page.set_auto_page_break(False)
    page.add_font("Onest", "", FONTS / "Onest-Regular.ttf")
    page.add_font("Onest", "B", FONTS / "Onest-Bold.ttf")
    page.add_page()
    _sheet(page)
    _words(page, face)
    _square(page, face.link)
    _below(page, face)
    return bytes(page.output())


def _sheet(page: "FPDF") -> None:
    page.set_draw_color(*PINE)
    page.set_fill_color(*MINT)
    page.rect(LEFT, TOP, WIDTH, HEIGHT, style="DF", round_corners=True, corner_radius=5)
    page.set_fill_color(*PAPER)
    page.rect(
        LEFT + WIDTH - INNER - CODE_SIDE - 4,
        TOP + INNER - 4,
        CODE_SIDE + 8,
        CODE_SIDE + 8,
        style="F",
        round_corners=True,
        corner_radius=3,
    )


def _words(page: "FPDF", face: Face) -> None:
    width = WIDTH - 3 * INNER - CODE_SIDE - 4
    page.set_xy(LEFT + INNER, TOP + INNER - 2)
    _line(page, face.shop_name.lower(), width, 13, PINE, "B")
    _line(page, face.title, width, 12, INK)
    _line(page, face.nominal, width, 34, PINE, "B", 15)
    if face.for_whom:
        _line(page, face.for_whom, width, 11, INK, "B")
    if face.wish:
        page.set_font("Onest", "", 9.5)
        page.set_text_color(*INK)
        # So much of it as the card has room for; the letter and the page have all of it.
        lines: Any = page.multi_cell(width, 4.4, face.wish, dry_run=True, output="LINES", align="L")
        for line in lines[:4]:
            _line(page, str(line), width, 9.5, INK, height=4.4)
    page.set_xy(LEFT + INNER, TOP + HEIGHT - INNER - 11)
    _line(page, face.code_label, width, 9, QUIET)
    page.set_x(LEFT + INNER)
    _line(page, face.code, WIDTH - 2 * INNER, 20, INK, "B", 9)


def _line(
    page: "FPDF",
    text: str,
    width: float,
    size: float,
    color: tuple[int, int, int],
    style: str = "",
    height: float = LINE,
) -> None:
    """Write one line, in smaller letters where it is too long."""
    page.set_text_color(*color)
    page.set_font("Onest", style, size)
    while page.get_string_width(text) > width and size > 6:
        size -= 0.5
        page.set_font("Onest", style, size)
    page.set_x(LEFT + INNER)
    page.cell(width, height, text, new_x="LMARGIN", new_y="NEXT")


def _square(page: "FPDF", link: str) -> None:
    """Draw the square code module by module: sharp in any size."""
    rows = tuple(segno.make(link, error="m", micro=False).matrix)
    side = CODE_SIDE / len(rows)
    left, top = LEFT + WIDTH - INNER - CODE_SIDE, TOP + INNER
    page.set_fill_color(*INK)
    for down, row in enumerate(rows):
        for across, is_dark in enumerate(row):
            if is_dark:
                # A hair wider than it is, so that no seams show between neighbours.
                page.rect(left + across * side, top + down * side, side + 0.02, side + 0.02, "F")


def _below(page: "FPDF", face: Face) -> None:
    page.set_text_color(*QUIET)
    page.set_font("Onest", "", 9.5)
    page.set_xy(LEFT, TOP + HEIGHT + 6)
    page.multi_cell(WIDTH, 4.8, f"{face.how}\n{face.terms}", align="L")
