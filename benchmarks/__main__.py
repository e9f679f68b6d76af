"""`python -m benchmarks`: all figures, or one of them by name. Results in benchmarks/results/."""

import typer

from benchmarks import (
    audit,
    direct,
    documents,
    files,
    glass,
    host_log,
    idle_hosts,
    motion,
    policy,
    relay,
    screen,
    sign_in,
    slow,
    trail,
    verify,
    visit_memory,
)

app = typer.Typer(help="Measure speed and memory. Shared machines are noisy: only ratios within one run count.", no_args_is_help=False)
app.command("glass")(glass.run)
app.command("motion")(motion.run)
app.command("screen")(screen.run)
app.command("slow")(slow.run)
app.command("memory")(visit_memory.run)
app.command("files")(files.run)
app.command("direct")(direct.run)
app.command("relay")(relay.run)
app.command("idle")(idle_hosts.run)
app.command("documents")(documents.run)
app.command("policy")(policy.run)
app.command("hostlog")(host_log.run)
app.command("signin")(sign_in.run)
app.command("verify")(verify.run)
app.command("audit")(audit.run)
app.command("trail")(trail.run)


@app.callback(invoke_without_command=True)
def everything(context: typer.Context) -> None:
    """Without a name: all of them, one after the other."""
    if context.invoked_subcommand is None:
        for kind in glass.ScreenKind:
            glass.run(kind)
        motion.run()
        screen.run()
        slow.run()
        visit_memory.run()
        files.run()
        direct.run()
        relay.run()
        idle_hosts.run()
        documents.run()
        policy.run()
        host_log.run()
        sign_in.run()
        verify.run()
        audit.run()
        trail.run()


if __name__ == "__main__":
    app()
