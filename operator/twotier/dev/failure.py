"""Errors in the environment that the demo and the tests run in."""


class EnvironmentUnfitError(Exception):
    """A prerequisite is missing or does not work; the message says what it is and what to do."""
