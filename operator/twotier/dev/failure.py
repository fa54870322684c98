"""What can be wrong with the machine that the demo and the tests run on."""


class EnvironmentUnfitError(Exception):
    """Something that is needed is missing or does not work; the message says what it is and what to do."""
