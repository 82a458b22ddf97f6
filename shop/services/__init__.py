"""Deeds: use-cases (one transaction each) and errands (the world outside). They stand in a row, see tests/test_house.py."""
