"""The supervisor, with small real programs."""

import os
import signal
import sys
from pathlib import Path

import pytest

from runtime.supervisor import Program, ProgramFailed, Supervisor, run_command

STAYS = "import signal, sys; print('ready at', 7, flush=True); signal.sigwait([signal.SIGTERM]); print('bye', flush=True)"


def program(name: str, source: str, ready: str | None = "^ready") -> Program:
    return Program(name, (sys.executable, "-c", source), dict(os.environ), ready)


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path / "log")


async def test_a_program_is_started_when_it_says_that_it_is_ready(supervisor: Supervisor, tmp_path: Path) -> None:
    running = await supervisor.start(program("one", "print('warming up');" + STAYS.replace("import signal, sys;", "import signal;")))
    assert running.ready_line == "ready at 7"
    await supervisor.stop_all()
    assert (tmp_path / "log" / "one.log").read_text().splitlines()[:2] == ["warming up", "ready at 7"]
    assert supervisor.running == ()


async def test_a_program_that_ends_before_it_is_ready_is_reported_with_its_words_and_exit_code(supervisor: Supervisor) -> None:
    with pytest.raises(ProgramFailed, match=r"(?s)two ended with exit code 3.*no such disk"):
        await supervisor.start(program("two", "print('no such disk'); raise SystemExit(3)"))


async def test_a_program_that_never_gets_ready_is_reported(supervisor: Supervisor) -> None:
    source = "import signal; print('still thinking', flush=True); signal.sigwait([signal.SIGTERM])"
    with pytest.raises(ProgramFailed, match=r"(?s)mute did not become ready in 1 s.*still thinking"):
        await supervisor.start(program("mute", source), seconds=1)
    await supervisor.stop_all()


async def test_programs_are_stopped_newest_first(supervisor: Supervisor, tmp_path: Path) -> None:
    order = tmp_path / "order"
    for name in ("old", "new"):
        source = (
            "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); print('ready', flush=True);"
            f"signal.sigwait([signal.SIGTERM]); open({str(order)!r}, 'a').write('{name} ')"
        )
        await supervisor.start(program(name, source))
    await supervisor.stop_all()
    assert order.read_text() == "new old "


async def test_a_program_that_will_not_stop_is_ended_after_the_deadline(supervisor: Supervisor) -> None:
    source = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"
    running = await supervisor.start(program("deaf", source))
    assert await supervisor.stop(running, seconds=0.2) == -signal.SIGKILL


async def test_the_first_program_that_dies_is_named(supervisor: Supervisor) -> None:
    await supervisor.start(program("well", STAYS))
    ill = await supervisor.start(program("ill", STAYS))
    ill.process.kill()
    fault = await supervisor.first_end()
    assert fault.name == "ill"
    assert "was ended by SIGKILL" in str(fault)
    await supervisor.stop_all()


async def test_a_line_without_end_does_not_stop_the_reader(supervisor: Supervisor) -> None:
    await supervisor.start(program("long", "print('x' * 200_000); " + STAYS))
    assert supervisor.running[0].ready_line == "ready at 7"
    await supervisor.stop_all()


async def test_a_command_that_fails_is_reported_with_what_it_said() -> None:
    with pytest.raises(ProgramFailed, match=r"(?s)the step did not succeed \(exit code 5\).*because of this"):
        await run_command("the step", (sys.executable, "-c", "print('because of this'); raise SystemExit(5)"), dict(os.environ))


async def test_a_command_that_succeeds_gives_what_it_wrote() -> None:
    said = await run_command("echo", (sys.executable, "-c", "print(input())"), dict(os.environ), b"words\n")
    assert said == "words\n"
