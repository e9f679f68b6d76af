"""`make run`: a broker, the console, a host and a demo site on this machine, until Ctrl-C. `make trust` is here too.

It starts programs by their own commands and says in order: the console's address, the invitation, what to trust, where
*Get help* is. What it asks, it asks the person at this terminal.
"""

import asyncio
import fcntl
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer
from rich.console import Console

from runtime.certificates import Certificates, prepare_certificates
from runtime.demo import Demo, inherited
from runtime.demo_commands import Device
from runtime.demo_layout import Layout, NoPort, choose_ports
from runtime.private_files import private_folder
from runtime.screens import HostScreen, ScreenKind, find_screen
from runtime.supervisor import ProgramFailed, Supervisor
from runtime.terminal import Terminal, confirmed
from runtime.trust_store import trust

VAR = Path(__file__).resolve().parent.parent / "var"
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


class RichVoice:
    """Speaks on the terminal: a moving sign while a step runs, a line when it is done."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Shown as running inside the block, as done after it."""
        with self._console.status(f"{doing} ..."):
            yield
        self.say(f"  done  {doing}")

    def say(self, text: str) -> None:
        """One line, or several."""
        self._console.print(text, markup=False)

    def alarm(self, text: str) -> None:
        """Something went wrong."""
        self._console.print(text, markup=False, style="bold red")


class Run:
    """One `make run`."""

    def __init__(self, layout: Layout, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._voice = RichVoice()
        self._layout = layout
        self._supervisor = Supervisor(layout.log)
        self._terminal = Terminal()
        self._demo = Demo(layout, choose_ports(layout), self._supervisor, self._voice, inherited(environment))

    async def until_stopped(self) -> int:
        """Start everything, watch it, and stop it. Returns the exit code: 0 stopped by the person, 1 something failed."""
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        self._terminal.open()
        work = asyncio.create_task(self._work())
        told = asyncio.create_task(stopped.wait())
        try:
            await asyncio.wait((work, told), return_when=asyncio.FIRST_COMPLETED)
            return await self._outcome(work)
        finally:
            told.cancel()
            self._terminal.close()
            with self._voice.step("Stopping everything, newest first"):
                await self._supervisor.stop_all()

    async def _outcome(self, work: "asyncio.Task[ProgramFailed]") -> int:
        if not work.done():
            work.cancel()
            await asyncio.wait((work,))
            self._voice.say("")
            return 0
        fault = work.exception() or work.result()
        if not isinstance(fault, ProgramFailed):
            raise fault
        self._voice.alarm(f"\n{fault}")
        return 1

    async def _work(self) -> ProgramFailed:
        """Start everything, then watch until a program ends by itself."""
        certificates = await self._demo.prepare()
        await self._demo.start_servers()
        await self._demo.enrol()
        invitation = await self._demo.invitation()
        screen = await find_screen(self._supervisor, self._demo.environment)
        await self._start_sample(screen)
        self._say_how(certificates, invitation, screen)
        await self._start_host(screen)
        watching = asyncio.create_task(self._demo.watch_registrations(self._decide))
        try:
            return await self._first_fault(watching)
        finally:
            watching.cancel()

    async def _first_fault(self, watching: "asyncio.Task[None]") -> ProgramFailed:
        ending = asyncio.create_task(self._supervisor.first_end())
        try:
            await asyncio.wait((ending, watching), return_when=asyncio.FIRST_COMPLETED)
            if ending.done():
                return ending.result()
            fault = watching.exception()
            assert fault is not None, "the watch on registrations never ends by itself"
            if isinstance(fault, ProgramFailed):
                return fault
            raise fault
        finally:
            ending.cancel()

    async def _start_sample(self, screen: HostScreen) -> None:
        wanted = self._environment.get("SAMPLE", "") not in {"", "0"} or screen.kind is ScreenKind.VIRTUAL
        if wanted and screen.kind is not ScreenKind.NONE:
            await self._demo.start_sample(screen.environment)

    async def _start_host(self, screen: HostScreen) -> None:
        if screen.kind is ScreenKind.OWN:
            await self._demo.start_host(screen.environment, None, ("--ui", "window"))
            return
        lent = self._terminal.lend()
        try:
            await self._demo.start_host(screen.environment, lent, ("--ui", "terminal"))
        finally:
            if lent is not None:
                os.close(lent)

    def _say_how(self, certificates: Certificates, invitation: str | None, screen: HostScreen) -> None:
        """The four things a person needs, in the order in which they are needed."""
        name = self._demo.person.identity
        invited = ("Sign in as", f"{name} (the invitation has been used)")
        if invitation is not None:
            invited = ("Invitation of the technician", f"{invitation}  (later: sign in as {name})")
        steps = (
            ("Console of the technician", self._demo.ports.console_origin),
            invited,
            ("What the browser has to trust", f"SHA-256 {certificates.fingerprint}  (`make trust` says how)"),
            ("Where Get help is", WHERE[screen.kind]),
        )
        self._voice.say("")
        for number, (what, where) in enumerate(steps, 1):
            self._voice.say(f"{number}. {what:<30} {where}")
        self._voice.alarm(f"\nAll keys that say who may help are on this disk: {self._layout.keys}. docs/keys.md tells how to move them.")
        self._voice.say("\nGuardian and desk run as one account here; installed as a service, the guardian has its own.")
        self._voice.say(f"What the programs say is in {self._layout.log}. Ctrl-C stops everything.\n")

    async def _decide(self, device: Device) -> bool:
        self._voice.say(f"\n{device.name}, {device.company} ({device.technician_id}) registered a browser. It shows this fingerprint:")
        self._voice.say(f"\n    {device.fingerprint}\n")
        if self._environment.get("DEMO_TRUST") == "1":
            self._voice.say("DEMO_TRUST=1: signed without asking.")
            return True
        return await confirmed(
            self._terminal, "You are the security officer of the demo. Is it the same as in the browser?", self._voice.say
        )


WHERE = {
    ScreenKind.OWN: "the Chaperone window on this screen",
    ScreenKind.VIRTUAL: "here: type h and Enter (no display was found, so a virtual one with the sample instrument is shared)",
    ScreenKind.NONE: "here: type h and Enter (no screen can be had, so nothing can be shown; install xvfb for a virtual one)",
}


@contextmanager
def _held(lock: Path) -> Iterator[IO[str]]:
    """One run per folder: two would share one host's key."""
    private_folder(lock.parent)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            typer.echo(f"Another `make run` uses {lock.parent}. Stop it first.", err=True)
            raise typer.Exit(1) from None
        yield held


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context, var: Annotated[Path, typer.Option(help="Where the demo keeps its things; made if it is not there.")] = VAR
) -> None:
    """Start the demo and stop it with Ctrl-C. SAMPLE=1 adds a sample instrument; DEMO_TRUST=1 signs new browsers unasked.

    Exit codes: 0 stopped, 1 a program failed or another run is active.
    """
    context.obj = Layout(var.resolve())
    if context.invoked_subcommand is not None:
        return
    with _held(context.obj.lock):
        try:
            code = asyncio.run(Run(context.obj, os.environ).until_stopped())
        except NoPort as fault:
            typer.echo(str(fault), err=True)
            code = 1
    raise typer.Exit(code)


@app.command("trust")
def trust_command(context: typer.Context) -> None:
    """Say how to trust the demo's certificate authority, and do it for Chromium here if you want."""
    layout = context.obj
    assert isinstance(layout, Layout)
    layout.make()
    made = prepare_certificates(layout.tls)
    try:
        trust(made.authority, made.fingerprint, lambda question: typer.confirm(question, default=False), typer.echo)
    except subprocess.CalledProcessError as fault:
        typer.echo(f"certutil did not succeed: {fault.stderr.decode(errors='replace').strip()}", err=True)
        raise typer.Exit(1) from None


def main() -> None:
    """The program."""
    app()
