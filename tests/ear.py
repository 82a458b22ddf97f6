"""An ear for the spoken anti-spam code: compares what it hears with the clean voices, as a listener with patience would."""

import cmath
import math
from functools import cache
from itertools import pairwise
from operator import add

from shop.gateways.captcha.sound import RATE, VOICES, samples

FRAME, HOP = 256, 128
# Edges of the bands that sound is heard in, in Hz: narrow below, wide above, as in a human ear.
EDGES = (100, 200, 300, 400, 520, 650, 800, 1000, 1250, 1550, 1900, 2300, 2800, 3400, 4200, 5400)
# Speakers are a little quicker or slower than the recordings.
PACES = (0.95, 1.06)
# Quieter than this is only hiss.
FLOOR = 1e5
SKIPPING, STRETCHING = 0.4, 1.0
_TURNS = {
    size: [cmath.exp(-2j * math.pi * k / size) for k in range(size // 2)]
    for size in (2, 4, 8, 16, 32, 64, 128, 256)
}
_SILENCE = [math.log(FLOOR)] * (len(EDGES) - 1)
_WINDOW = [0.5 - 0.5 * math.cos(2 * math.pi * k / FRAME) for k in range(FRAME)]


def heard(file: bytes, language: str = "ru", count: int = 5) -> str:
    """Return the `count` digits that are spoken in a WAV."""
    frames = _frames(samples(file))
    return "".join(_digit(frames[start:end], language) for start, end in spans(frames, count))


def spans(frames, count):
    """Where something is said: the `count` loudest stretches, in their order, with a little around."""
    loud = [sum(math.exp(band) for band in frame) for frame in frames]
    loud = [sum(loud[max(0, at - 2) : at + 3]) / 5 for at in range(len(loud))]
    line = max(loud) * 0.03
    found = []
    for at, level in enumerate(loud):
        if level < line:
            continue
        if found and at - found[-1][1] < 16:
            found[-1][1] = at
        else:
            found.append([at, at])
    found = sorted(found, key=lambda span: -sum(loud[span[0] : span[1] + 1]))[:count]
    return [(max(0, start - 14), end + 14) for start, end in sorted(found)]


def _digit(frames, language):
    def distance(digit):
        return min(_distance(pattern, frames) for pattern in _patterns(language)[digit])

    return min("0123456789", key=distance)


@cache
def _patterns(language):
    found = {}
    for digit in "0123456789":
        voice = samples((VOICES / language / f"{digit}.wav").read_bytes())
        found[digit] = [
            _frames([voice[int(at * pace)] for at in range(int(len(voice) / pace))])
            for pace in PACES
        ]
    return found


def _distance(pattern, frames):
    """How far a pattern is from what was heard, stretched as fits; what it leaves out must be as good as silence."""
    left_out = [0.0]
    for frame in frames:
        left_out.append(left_out[-1] + math.dist(frame, _SILENCE) * SKIPPING)
    row = left_out
    for wanted in pattern:
        above, row = row, [math.inf]
        for at, frame in enumerate(frames):
            apart = math.dist(wanted, frame)
            row.append(apart + min(above[at], above[at + 1] + STRETCHING, row[at] + STRETCHING))
    rest = [left_out[-1] - before for before in left_out]
    return min(map(add, row[1:], rest[1:])) / (len(pattern) + len(frames))


def _frames(sound):
    """The loudness of each band, some 86 times a second."""
    return [
        _bands([sound[at + k] * _WINDOW[k] for k in range(FRAME)])
        for at in range(0, len(sound) - FRAME, HOP)
    ]


def _bands(frame):
    power = [abs(part) ** 2 / FRAME for part in _fourier(frame)[: FRAME // 2]]
    places = [round(edge * FRAME / RATE) for edge in EDGES]
    return [
        math.log(FLOOR + sum(power[low : max(high, low + 1)])) for low, high in pairwise(places)
    ]


def _fourier(values):
    size = len(values)
    if size == 1:
        return values
    even, odd = _fourier(values[::2]), _fourier(values[1::2])
    turned = [turn * part for turn, part in zip(_TURNS[size], odd, strict=True)]
    return [a + b for a, b in zip(even, turned, strict=True)] + [
        a - b for a, b in zip(even, turned, strict=True)
    ]
