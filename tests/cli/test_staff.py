import pytest
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account, StaffRole


@pytest.fixture
def flask(app):
    """The terminal: flask(*words)."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def roles(app):
    with app.app_context():
        return db.session.execute(
            select(Account.email, StaffRole.role).join(
                StaffRole, StaffRole.account_id == Account.id
            )
        ).all()


def test_gives_an_account_a_role_and_says_so(flask, make, app):
    make.account("igor@example.ru")

    done = flask("staff", "add", "Igor@example.ru", "--role", "fulfilment")

    assert (done.exit_code, done.output) == (0, "Igor@example.ru now has the role fulfilment.\n")
    assert roles(app) == [("igor@example.ru", "fulfilment")]


def test_giving_it_twice_is_as_good_as_once(flask, make, app):
    make.account("igor@example.ru")
    flask("staff", "add", "igor@example.ru", "--role", "owner")

    done = flask("staff", "add", "igor@example.ru", "--role", "owner")

    assert done.output == "igor@example.ru already had the role owner.\n"
    assert len(roles(app)) == 1


def test_opens_an_account_with_a_made_up_password_that_works(flask, app, client):
    done = flask(
        "staff", "add", "anna@example.ru", "--role", "support", "--name", "Анна", "--surname", "Ли"
    )

    assert done.exit_code == 0
    password = done.output.partition("The password is ")[2].split()[0]
    answer = client.post("/auth/login", data={"email": "anna@example.ru", "password": password})
    assert answer.status_code == 303


def test_opens_an_account_with_a_given_password_and_doesnt_repeat_it(flask, client):
    words = [
        "staff",
        "add",
        "anna@example.ru",
        "--role",
        "support",
        "--name",
        "Анна",
        "--surname",
        "Ли",
    ]

    done = flask(*words, "--password", "семь пятниц")

    assert "семь" not in done.output
    answer = client.post(
        "/auth/login", data={"email": "anna@example.ru", "password": "семь пятниц"}
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody@example.ru", "--role", "owner"], "There is no account nobody@example.ru yet"),
        (["igor@example.ru", "--role", "tsar"], "'tsar' is not one of 'owner', 'catalog'"),
        (["igor@example.ru"], "Missing option '--role'"),
        (["igor", "--role", "owner"], "write the whole address"),
        (
            ["a@b.ru", "--role", "owner", "--name", "А", "--surname", "Б", "--password", "short"],
            "from 8 to 128",
        ),
        (
            [
                "a@b.ru",
                "--role",
                "owner",
                "--name",
                "А",
                "--surname",
                "Б",
                "--password",
                "12345678",
            ],
            "first that are tried",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_not_done(flask, app, words, said):
    done = flask("staff", "add", *words)

    assert done.exit_code != 0
    assert said in done.output
    with app.app_context():
        assert db.session.scalar(select(func.count(Account.id))) == 0
