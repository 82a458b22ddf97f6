import random
import time
from io import BytesIO
from itertools import pairwise

import pytest
from ear import _frames as frames_of
from ear import heard, spans
from PIL import Image

from shop.gateways.captcha import drawn, spoken
from shop.gateways.captcha.sound import RATE, VOICES, samples


def codes(count):
    chance = random.Random(7)
    return [f"{chance.randrange(100000):05}" for _ in range(count)]


def test_the_picture_is_a_small_webp_and_another_each_time():
    first, second = drawn("40917"), drawn("40917")

    with Image.open(BytesIO(first)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (240, 80))
    assert len(first) < 8000
    assert first != second


def test_the_picture_has_dark_digits_on_light_paper():
    with Image.open(BytesIO(drawn("88888"))) as picture:
        shades = sorted(picture.convert("L").get_flattened_data())

    assert shades[len(shades) // 50] < 70
    assert shades[len(shades) // 2] > 230


def test_the_sound_is_the_same_for_the_same_noise_and_another_for_another():
    sound = spoken("40917", language="ru", noise="a")

    assert sound == spoken("40917", language="ru", noise="a")
    assert sound != spoken("40917", language="ru", noise="b")
    assert sound[:4] == b"RIFF" and sound[8:12] == b"WAVE"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_five_digits_stand_apart_in_the_sound_and_none_is_cut(language):
    for number, code in enumerate(codes(2)):
        track = samples(spoken(code, language=language, noise=str(number)))

        assert 4.0 < len(track) / RATE < 9.5
        assert 12_000 < max(track) < 32_700 and min(track) > -32_700
        found = spans(frames_of(track), 5)
        assert len(found) == 5
        # A little of what is around belongs to each, so neighbours may touch, but no more.
        assert all(later[0] - earlier[1] > -12 for earlier, later in pairwise(found))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_patient_ear_hears_the_digits_in_their_order(language):
    for number, code in enumerate(codes(2)):
        assert heard(spoken(code, language=language, noise=str(number)), language) == code


def test_something_murmurs_where_no_digit_is_spoken():
    lead = samples(spoken("40917", language="ru", noise="a"))[: RATE // 2]

    assert max(lead) > 1500
    assert sum(abs(sample) for sample in lead) / len(lead) > 300


def test_another_language_is_spoken_to_in_russian():
    assert spoken("1", language="de", noise="a") == spoken("1", language="ru", noise="a")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_voices_are_small_even_and_not_cut_off(language):
    files = sorted((VOICES / language).iterdir())

    assert [file.name for file in files] == [f"{digit}.wav" for digit in range(10)]
    assert sum(file.stat().st_size for file in files) < 150_000
    for file in files:
        voice = samples(file.read_bytes())
        assert 0.3 < len(voice) / RATE < 0.7
        assert 22_000 < max(map(abs, voice)) < 28_000
        assert max(map(abs, voice[:20])) < 3000 and max(map(abs, voice[-20:])) < 3000


def test_neither_takes_long():
    def quickest(make):
        spent = []
        for _ in range(5):
            start = time.process_time()
            make()
            spent.append(time.process_time() - start)
        return min(spent)

    assert quickest(lambda: drawn("40917")) < 0.1
    assert quickest(lambda: spoken("40917", language="ru", noise="a")) < 0.1
