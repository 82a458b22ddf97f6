"""The shop: floors across, features down, the same file name on every floor (see CONTRIBUTING.md)."""
