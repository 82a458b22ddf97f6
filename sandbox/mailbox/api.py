"""The mailbox for programs, in Mailpit's words."""

from io import BytesIO

from flask import Blueprint, Response, abort, current_app, jsonify, request, send_file

from .letters import Letter
from .store import moment_of

api = Blueprint("api", __name__, url_prefix="/api/v1")

_USUAL_LIMIT = 50


@api.get("/messages")
def messages():
    """List letters, newest first."""
    return jsonify(_listing(""))


@api.get("/search")
def search():
    """List the letters a query finds."""
    query = request.args.get("query", "")
    if not query:
        abort(400, "Say what to search for: ?query=to:ann@example.org")
    return jsonify(_listing(query))


@api.delete("/messages")
def delete_messages():
    """Throw away all letters, or those with these IDs."""
    wanted = request.get_json(force=True, silent=True) or {}
    current_app.letters.delete(wanted.get("IDs") or None)
    return Response("ok", mimetype="text/plain")


@api.put("/messages")
def mark_messages():
    """Mark letters as read."""
    wanted = request.get_json(force=True, silent=True) or {}
    for letter_id in wanted.get("IDs", []):
        current_app.letters.mark_read(letter_id)
    return Response("ok", mimetype="text/plain")


@api.get("/message/<letter_id>")
def message(letter_id):
    """Show a letter, and remember that it was read."""
    row = _row(letter_id)
    current_app.letters.mark_read(row["id"])
    letter = Letter(row["raw"])
    return jsonify(
        _people(letter, row)
        | {
            "ID": row["id"],
            "MessageID": letter.message_id,
            "Subject": letter.subject,
            "Date": letter.date() or moment_of(row),
            "Text": letter.text,
            "HTML": letter.html,
            "Size": len(row["raw"]),
            "Tags": [],
            "Inline": [],
            "Headers": letter.headers(),
            "ReturnPath": str(letter.message.get("Return-Path", "")).strip("<>"),
            "Attachments": [_attachment(part) for part in letter.parts()],
        }
    )


@api.get("/message/<letter_id>/headers")
def headers(letter_id):
    """Show a letter's headers."""
    return jsonify(Letter(_row(letter_id)["raw"]).headers())


@api.get("/message/<letter_id>/raw")
def raw(letter_id):
    """Show a letter as it came."""
    return Response(_row(letter_id)["raw"], mimetype="text/plain")


@api.get("/message/<letter_id>/part/<int:number>")
def part(letter_id, number):
    """Hand over a file that came with a letter."""
    for found in Letter(_row(letter_id)["raw"]).parts():
        if found.number == number:
            # A browser must save a stranger's file, never show it as a page of ours.
            return send_file(
                BytesIO(found.content),
                mimetype="application/octet-stream",
                as_attachment=True,
                download_name=found.name,
            )
    abort(404)


def _row(letter_id: str) -> dict:
    return current_app.letters.get(letter_id) or abort(404)


def _listing(query: str) -> dict:
    letters = current_app.letters
    start = max(0, request.args.get("start", 0, int))
    limit = max(0, request.args.get("limit", _USUAL_LIMIT, int))
    rows = letters.page(start, limit, query)
    return {
        "total": letters.count(),
        "unread": letters.count(unread=True),
        "count": len(rows),
        "messages_count": letters.count(query),
        "messages_unread": letters.count(query, unread=True),
        "start": start,
        "tags": [],
        "messages": [_summary(row) for row in rows],
    }


def _summary(row: dict) -> dict:
    letter = Letter(row["raw"])
    return _people(letter, row) | {
        "ID": row["id"],
        "MessageID": letter.message_id,
        "Read": bool(row["is_read"]),
        "Subject": letter.subject,
        "Created": moment_of(row),
        "Tags": [],
        "Size": len(row["raw"]),
        "Attachments": len(letter.parts()),
        "Snippet": letter.snippet,
    }


def _people(letter: Letter, row: dict) -> dict:
    """Return who wrote to whom; recipients no header names were blind copies."""
    named = {header: letter.people(header) for header in ("To", "Cc", "Reply-To")}
    seen = {address.lower() for header in ("To", "Cc") for _, address in named[header]}
    blind = [("", one) for one in row["envelope"].split() if one.lower() not in seen]
    senders = letter.people("From")
    return {
        "From": _person(senders[0]) if senders else None,
        "To": [_person(one) for one in named["To"]],
        "Cc": [_person(one) for one in named["Cc"]],
        "Bcc": [_person(one) for one in blind],
        "ReplyTo": [_person(one) for one in named["Reply-To"]],
    }


def _person(pair: tuple[str, str]) -> dict:
    return {"Name": pair[0], "Address": pair[1]}


def _attachment(part) -> dict:
    return {
        "PartID": str(part.number),
        "FileName": part.name,
        "ContentType": part.kind,
        "Size": len(part.content),
    }
