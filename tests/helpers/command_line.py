"""What an administrator types, and what the command says: `chaperone-broker` as a process, forked warm (`warm_programs.py`)."""

from tests.helpers.broker_process import BrokerProcess
from tests.helpers.warm_programs import started


async def typed(running: BrokerProcess, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error of one command beside a running broker."""
    process = await started("broker", *words, "--config", str(running.config), environment={"COLUMNS": "200"})
    out, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), errors.decode()
