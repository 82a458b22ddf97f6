"""Refusals as this gateway writes them: HTTP 200, a number and a sentence."""

ORDER_IS_THERE = "1"
UNKNOWN_CURRENCY = "3"
MISSING = "4"
WRONG = "5"
NO_SUCH_ORDER = "6"
NOT_NOW = "7"


class GateProblem(Exception):
    """A request the gateway refuses."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message

    def as_json(self) -> dict:
        """Return the answer."""
        return {"errorCode": self.code, "errorMessage": self.message}


def missing(name: str) -> GateProblem:
    """Return the refusal of a request that lacks something."""
    return GateProblem(MISSING, f"Отсутствует обязательный параметр {name}")


def wrong(name: str) -> GateProblem:
    """Return the refusal of one value."""
    return GateProblem(WRONG, f"Неверно указано значение параметра {name}")


def not_now(message: str = "Платеж должен быть в корректном состоянии") -> GateProblem:
    """Return the refusal of what an order in its state doesn't allow."""
    return GateProblem(NOT_NOW, message)
