"""The errors of the API."""

import uuid

STATUS_OF = {
    "invalid_request": 400,
    "invalid_credentials": 401,
    "forbidden": 403,
    "not_found": 404,
    "too_many_requests": 429,
    "internal_server_error": 500,
}


class ApiProblem(Exception):
    """A request the bank refuses, with the parameter that is to blame."""

    def __init__(self, code: str, description: str, parameter: str | None = None):
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameter = parameter

    @property
    def status(self) -> int:
        """Return the HTTP status of this error."""
        return STATUS_OF[self.code]

    def as_json(self) -> dict:
        """Return the error object."""
        error = {
            "type": "error",
            "id": str(uuid.uuid4()),
            "code": self.code,
            "description": self.description,
        }
        if self.parameter:
            error["parameter"] = self.parameter
        return error


def invalid(parameter: str, description: str) -> ApiProblem:
    """Return the refusal of one parameter."""
    return ApiProblem("invalid_request", description, parameter)


def missing(what: str, parameter: str) -> ApiProblem:
    """Return the refusal to find something."""
    return ApiProblem("not_found", f"{what} doesn't exist, or isn't yours.", parameter)
