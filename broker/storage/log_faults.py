"""Why the broker's log takes no entry. Whoever widens anything stops at either; what narrows goes on."""


class LogUnavailable(Exception):
    """An entry could not be made durable."""


class LogDoubtful(LogUnavailable):
    """What stands in the database does not continue what this broker signed. Nothing is written before a named person has seen it.

    `held` is the note that it should continue, `given` the one that stands there; empty where there is none.
    """

    def __init__(self, fault: str, held: str = "", given: str = "") -> None:
        super().__init__(f"it does not continue what was signed of it: {fault}")
        self.held, self.given = held, given
