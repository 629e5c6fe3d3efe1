"""Executing notebooks, their HTML pages and their checks; runs inside the virtual environment."""
