import pytest
from feeds import offer, written


@pytest.fixture
def run(app):
    """The terminal: give a command, get what it says."""
    runner = app.test_cli_runner()

    def command(*words):
        answer = runner.invoke(args=["feeds", "import", *words])
        return answer.exit_code, answer.output

    return command


def test_says_how_it_went(run, tmp_path):
    offers = [offer(1), offer(2, price="0"), offer(3, more="<oldprice>5</oldprice>")]

    code, said = run(written(tmp_path, *offers))

    assert code == 0
    assert said.splitlines() == [
        "Добавлено: 2, изменено: 0, без изменений: 0, скрыто: 0, отклонено: 1.",
        "  строка 4 · 2 · Цена равна нулю",
        "  строка 5 · 3 · Старая цена не выше новой, поэтому она опущена: 5",
    ]


def test_says_that_nothing_has_changed(run, tmp_path):
    source = written(tmp_path, offer(1))
    run(source)

    assert run(source) == (0, "Фид тот же, что в прошлый раз, ничего не изменилось.\n")
    assert run(source, "--force") == (
        0,
        "Добавлено: 0, изменено: 0, без изменений: 1, скрыто: 0, отклонено: 0.\n",
    )


def test_says_why_a_feed_is_refused(run, tmp_path):
    path = tmp_path / "broken.yml"
    path.write_text("<yml_catalog>\n<shop>\n</yml_catalog>")

    code, said = run(str(path))

    assert code == 1
    assert said.splitlines()[0] == "Фид не принят, ничего не изменилось."
    assert said.splitlines()[1].startswith(
        "Файл записан не по правилам XML: Opening and ending tag mismatch: shop"
    )
    assert said.splitlines()[2].startswith("  строка 3 · Файл записан не по правилам XML")


def test_refuses_an_address_that_isn_t_public(run):
    assert run("http://127.0.0.1/feed.yml") == (
        1,
        "Фид не принят, ничего не изменилось.\nАдрес не из открытой сети: 127.0.0.1\n  Адрес не из открытой сети: 127.0.0.1\n",
    )


def test_tells_the_first_twenty_problems(run, tmp_path):
    code, said = run(written(tmp_path, offer(0), *(offer(n, price="0") for n in range(1, 25))))

    assert code == 0
    assert len(said.splitlines()) == 22
    assert said.splitlines()[-1] == "  … и ещё 4 замечания"
