"""The test suites of verify: each runs something and returns one Outcome."""
