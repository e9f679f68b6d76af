"""What guardian and desk say to each other about a restart of the PC (docs/protocol.md, section 4)."""

from typing import Annotated

from wire.schema import U32, Seconds, Text, message


@message("desk.show_restart")
class ShowRestart:
    """The person allowed it: the PC restarts in so many seconds, unless somebody there stops it."""

    grant: U32
    seconds: Seconds


@message("desk.close_restart")
class CloseRestart:
    """It does not restart any more, or does so now."""

    grant: U32


@message("desk.show_returning")
class ShowReturning:
    """The PC was restarted: this technician may come back within so many seconds. `CancelHelp` takes that away."""

    technician: Annotated[str, Text(1000)]
    company: Annotated[str, Text(1000)]
    seconds: Seconds


@message("desk.restart_stopped")
class RestartStopped:
    """The person does not want it to restart after all."""

    grant: U32
