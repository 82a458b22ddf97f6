"""The outside world, each part behind a small interface with a fake beside it."""
