"""The mailbox for people: a list of letters, and a letter."""

from datetime import timedelta, timezone

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)

from .letters import Letter
from .store import came_at, moment_of

pages = Blueprint("pages", __name__)

_PER_PAGE = 30
_MOSCOW = timezone(timedelta(hours=3))
# A letter may carry its own style and nothing else. Its links open in a tab of their own.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-popups "
    "allow-popups-to-escape-sandbox"
)


@pages.get("/")
def index():
    """List letters, of one recipient if asked."""
    letters = current_app.letters
    recipient = request.args.get("to", "").strip()
    page = max(1, request.args.get("page", 1, int))
    query = f'to:"{recipient.replace(chr(34), "")}"' if recipient else ""
    rows = letters.page((page - 1) * _PER_PAGE, _PER_PAGE, query)
    count = letters.count(query)
    return render_template(
        "index.html",
        letters=[_shown(row) for row in rows],
        recipient=recipient,
        count=count,
        page=page,
        pages=-(-count // _PER_PAGE) or 1,
    )


@pages.get("/letters/<letter_id>")
def letter(letter_id):
    """Show a letter."""
    row = _row(letter_id)
    current_app.letters.mark_read(row["id"])
    return render_template("letter.html", letter=_shown(row))


@pages.get("/letters/<letter_id>/html")
def letter_html(letter_id):
    """Show the rich part by itself, for the frame it is locked in."""
    html = Letter(_row(letter_id)["raw"]).html
    response = Response(f'<base target="_blank">{html}', mimetype="text/html")
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    return response


@pages.get("/letters/<letter_id>/source")
def letter_source(letter_id):
    """Show a letter as it came."""
    return Response(_row(letter_id)["raw"], mimetype="text/plain")


@pages.post("/emptying")
def empty():
    """Throw all letters away."""
    current_app.letters.delete()
    return redirect(url_for("pages.index"), 303)


def _row(letter_id: str) -> dict:
    return current_app.letters.get(letter_id) or abort(404)


def _shown(row: dict) -> dict:
    letter = Letter(row["raw"])
    senders = letter.people("From")
    return {
        "id": row["id"],
        "is_read": bool(row["is_read"]),
        "subject": letter.subject or "(без темы)",
        "sender": _written(senders[0]) if senders else "(без отправителя)",
        "recipients": ", ".join(_written(one) for one in letter.people("To")) or row["envelope"],
        "came_at": moment_of(row),
        "came": came_at(row).astimezone(_MOSCOW).strftime("%d.%m.%Y, %H:%M:%S"),
        "snippet": letter.snippet,
        "text": letter.text,
        "html": letter.html,
        "links": letter.links,
        "parts": letter.parts(),
        "headers": letter.headers(),
    }


def _written(person: tuple[str, str]) -> str:
    name, address = person
    return f"{name} <{address}>" if name else address
