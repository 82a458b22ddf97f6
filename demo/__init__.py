"""The demo shop: goods, towns, people, and `python -m demo.run`, which opens it."""
