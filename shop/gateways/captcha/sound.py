"""The code as a voice: digits spoken one by one over a murmur, for who can't see the picture or doesn't want to.

Not by captcha.audio, which takes a third of a second and sounds otherwise each time: players fetch a file in pieces
(Safari always does), so the same key has to give the same bytes.
"""

import random
import wave
from array import array
from functools import cache
from io import BytesIO
from operator import add
from pathlib import Path
from typing import TypeAlias

RATE = 11_025
VOICES = Path(__file__).with_name("voice")
# Seconds of murmur before the first digit, and between two.
LEAD, LEAST_GAP, MOST_GAP = 0.5, 0.45, 0.8
# In 1/256: how loud the digits are, and what murmurs behind them. All together stays below what 16 bits hold.
LOUD, MURMUR = (190, 240), (26, 50)
# In 1/256: how much quicker or slower (and so higher or lower) than it was recorded.
PACE, PACE_OF_MURMUR = (230, 287), (180, 360)
_HISS = [6 * step for step in range(-128, 128)]

Samples: TypeAlias = "array[int]"


def spoken(digits: str, *, language: str, noise: str) -> bytes:
    """Return a WAV in which a voice says `digits`. The same `noise` gives the same sound."""
    chance, voices = random.Random(noise), _voices(language)
    track = array("h", bytes(2 * int(LEAD * RATE)))
    for digit in digits:
        track.extend(_twisted(voices[int(digit)], chance, PACE, LOUD))
        track.extend(array("h", bytes(2 * int(chance.uniform(LEAST_GAP, MOST_GAP) * RATE))))
    hiss = map(_HISS.__getitem__, chance.randbytes(len(track)))
    murmur = map(add, _murmur(len(track), voices, chance), hiss)
    return _file(array("h", map(add, track, murmur)))


def _murmur(length: int, voices: tuple[Samples, ...], chance: random.Random) -> list[int]:
    """The same voice talking backwards, softly and without a pause."""
    talk: list[int] = []
    while len(talk) < length:
        talk += _twisted(chance.choice(voices)[::-1], chance, PACE_OF_MURMUR, MURMUR)
    return talk


def _twisted(
    voice: Samples, chance: random.Random, pace: tuple[int, int], level: tuple[int, int]
) -> list[int]:
    """A digit at another speed and loudness; whole numbers only, which is several times as fast."""
    speed, loudness = chance.randint(*pace), chance.randint(*level)
    places = range((len(voice) << 8) // speed)
    return [voice[place * speed >> 8] * loudness >> 8 for place in places]


def _file(track: Samples) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(track.tobytes())
    return file.getvalue()


@cache
def _voices(language: str) -> tuple[Samples, ...]:
    """The ten digits in this language, 0 to 9; in Russian when it has none."""
    folder = VOICES / language
    if not folder.is_dir():
        folder = VOICES / "ru"
    return tuple(samples((folder / f"{digit}.wav").read_bytes()) for digit in range(10))


def samples(file: bytes) -> Samples:
    """Return the samples of a WAV of ours."""
    with wave.open(BytesIO(file)) as opened:
        return array("h", opened.readframes(opened.getnframes()))
