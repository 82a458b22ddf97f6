"""flask staff: who works here."""

import secrets
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from shop.rules.passwords import PASSWORD_LENGTH, is_easy_to_guess
from shop.rules.staff import ROLES
from shop.services.auth import NoSuchAccount, appoint

commands = AppGroup("staff", help="Look after the shop's own people.")


@commands.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person will do.")
@click.option("--name", default="", help="First name, when there is no account yet.")
@click.option("--surname", default="", help="Last name, when there is no account yet.")
@click.option(
    "--password", default="", help="For a new account; without it one is made up and shown."
)
def add(email: str, role: str, name: str, surname: str, password: str) -> None:
    """Give the account with this EMAIL a role; with --name and --surname open it first if need be."""
    made_up = "" if password or not (name and surname) else secrets.token_urlsafe(12)
    _check(email, password)
    try:
        done = appoint(
            email=email,
            role=role,
            given_name=name,
            family_name=surname,
            password=(password or made_up) if name and surname else "",
            now=datetime.now(UTC),
        )
    except NoSuchAccount:
        raise click.ClickException(
            f"There is no account {email} yet: add --name and --surname to open one."
        ) from None
    if done.is_new_account:
        secret = f" The password is {made_up} (change it after signing in)." if made_up else ""
        click.echo(f"Opened an account for {email} with the role {role}.{secret}")
    else:
        click.echo(f"{email} {'now has' if done.is_new_role else 'already had'} the role {role}.")


def _check(email: str, password: str) -> None:
    """Refuse what the form of registration would refuse."""
    if "@" not in email:
        raise click.BadParameter(
            "write the whole address, such as igor@example.ru", param_hint="EMAIL"
        )
    least, most = PASSWORD_LENGTH
    if password and not least <= len(password) <= most:
        raise click.BadParameter(f"from {least} to {most} characters", param_hint="--password")
    if password and is_easy_to_guess(password, email):
        raise click.BadParameter(
            "this one is among the first that are tried", param_hint="--password"
        )
