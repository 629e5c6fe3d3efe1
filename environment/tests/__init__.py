"""Tests of the set-up, the gates and the checks, by unittest; each is named by its claim."""
