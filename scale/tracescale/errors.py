"""Failures that a user can mend, each one line and an exit code as `tracequery` has them."""

NO = 1  # The question was put right, and the answer is no.
USAGE = 2
ENVIRONMENT = 3
DAMAGED = 4


class Failure(Exception):
    """Ends the program: `text` is one line that says what is wrong, where, and what to do."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = text
