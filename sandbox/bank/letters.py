"""How a gateway writes its notices; the courier only carries them."""

import json


class JsonLetters:
    """Notices as YooKassa writes them: JSON, unsigned, by POST."""

    def write(self, event: str, about: dict) -> bytes:
        """Return what the shop will read."""
        return json.dumps({"type": "notification", "event": event, "object": about}).encode()

    def addressed(self, url: str, body: bytes) -> dict:
        """Return the request that hands it over, with headers made at that moment."""
        headers = {"Content-Type": "application/json"}
        return {"method": "POST", "url": url, "data": body, "headers": headers}
