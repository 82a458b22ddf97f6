"""Square codes that a telephone's camera reads, drawn into the page itself: nothing outside is asked."""

import segno

# Apps read dark on light only, whatever the page's colours are.
DARK, LIGHT, QUIET_ZONE = "#18201c", "#ffffff", 4


def square_code(text: str) -> str:
    """Return an address that an <img> shows the code of `text` by."""
    drawn = segno.make(text, error="m", micro=False)
    return drawn.svg_data_uri(dark=DARK, light=LIGHT, border=QUIET_ZONE, omitsize=True)
