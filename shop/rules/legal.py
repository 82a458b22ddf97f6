"""The shop's documents and their versions. A changed text is a new version, and consents name the version they were given to."""

# Document → the day its present text came into force.
DOCUMENTS = {
    "offer": "2026-11-24",
    "personal-data": "2026-11-24",
    "requisites": "2026-11-24",
    "accessibility": "2026-11-24",
}
