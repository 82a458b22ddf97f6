import pytest
from PIL import Image

from shop.gateways.pictures import NotAPicture, PictureFolder, keep


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "from").mkdir()
    Image.new("RGBA", (1600, 800), (200, 0, 0, 0)).save(tmp_path / "from" / "red.png")
    Image.new("RGB", (400, 400), (0, 0, 200)).save(tmp_path / "from" / "синий 1.jpg")
    (tmp_path / "from" / "broken.webp").write_text("<svg onload=alert(1)>")
    return tmp_path / "from"


def test_draws_a_picture_anew_with_a_small_one_beside_it(folder, tmp_path):
    name = keep(folder / "red.png", tmp_path / "media")

    large = Image.open(tmp_path / "media" / name)
    small = Image.open(tmp_path / "media" / name.replace(".webp", "-s.webp"))
    assert (large.format, large.mode, large.size) == ("WEBP", "RGBA", (1200, 600))
    assert (small.format, small.mode, small.size) == ("WEBP", "RGBA", (320, 160))


def test_draws_the_same_content_once(folder, tmp_path):
    name = keep(folder / "red.png", tmp_path / "media")
    drawn_at = (tmp_path / "media" / name).stat().st_mtime_ns

    assert keep(folder / "red.png", tmp_path / "media") == name
    assert (tmp_path / "media" / name).stat().st_mtime_ns == drawn_at


def test_finds_pictures_by_the_last_part_of_their_address(folder, tmp_path):
    pictures = PictureFolder(folder, tmp_path / "media")
    addresses = (
        "https://a.example/x/red.png?v=2",
        "https://b.example/%D1%81%D0%B8%D0%BD%D0%B8%D0%B9%201.jpg",
        "https://a.example/other/red.png",
        "https://a.example/none.png",
        "https://a.example/broken.webp",
        "https://a.example/../../etc/passwd",
        "http://[bad",
    )

    pictures.prepare(addresses)

    assert len(pictures.kept(addresses)) == 2
    assert len(list((tmp_path / "media").glob("*.webp"))) == 4


def test_refuses_what_is_no_picture_or_a_bomb(folder, tmp_path):
    Image.new("1", (9000, 9000)).save(folder / "bomb.png")
    Image.new("1", (30000, 30000)).save(folder / "larger.png")

    for name in ("broken.webp", "bomb.png", "larger.png"):
        with pytest.raises(NotAPicture):
            keep(folder / name, tmp_path / "media")
    assert list((tmp_path / "media").glob("*")) == []
