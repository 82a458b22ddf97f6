"""The errors of PayPal's API."""

import uuid

from flask import Response, jsonify

NAMES = {
    400: "INVALID_REQUEST",
    401: "AUTHENTICATION_FAILURE",
    404: "RESOURCE_NOT_FOUND",
    422: "UNPROCESSABLE_ENTITY",
}


class PayPalProblem(Exception):
    """A request PayPal refuses, with its word for it."""

    def __init__(self, status: int, issue: str):
        super().__init__(issue)
        self.status = status
        self.issue = issue

    def as_response(self) -> Response:
        """Return the answer."""
        body = {
            "name": NAMES[self.status],
            "message": "The request was refused.",
            "debug_id": uuid.uuid4().hex[:13],
            "details": [{"issue": self.issue, "description": self.issue}],
        }
        response = jsonify(body)
        response.status_code = self.status
        return response
