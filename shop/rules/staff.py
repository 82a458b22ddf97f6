"""Employees: what each role is for."""

# The owner may do everything the others may.
ROLES = ("owner", "catalog", "fulfilment", "support", "moderator")
