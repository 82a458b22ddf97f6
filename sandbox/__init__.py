"""The outside world in a box: a test bank and a mailbox, for the demo and the tests."""
