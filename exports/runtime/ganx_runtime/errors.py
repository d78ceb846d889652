"""The error that a user can cause, told in whole sentences."""


class GeneratorError(Exception):
    """A file, a text or a wish cannot be used; the message says why and what to do."""
