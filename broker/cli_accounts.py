"""chaperone-broker accounts: who may sign in, as what. At this machine nobody is asked for a role; everything is in the log."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from broker.cli_common import ConfigOption, config_of, run, show
from broker.config import DEFAULT_FILE, BrokerConfig
from policy.roles import Role, sites_fit

if TYPE_CHECKING:
    from broker.storage.accounts import Account

_HELP = "Accounts and roles. Who may help where comes from the signed directory, not from here."
accounts_app = typer.Typer(no_args_is_help=True, help=_HELP)
PersonArgument = Annotated[str, typer.Argument(help="Id of the person.")]
RoleOption = Annotated[Role, typer.Option("--role", help="What the account is for.")]
SitesOption = Annotated[list[str] | None, typer.Option("--site", help="For a site's people: the site. May be given more than once.")]
EvenLastOption = Annotated[bool, typer.Option("--even-last", help="Even if no administrator who can sign in is left.")]


def _sites(role: Role, sites: list[str] | None) -> tuple[str, ...]:
    given = tuple(sorted(set(sites or ())))
    if not sites_fit(role, frozenset(given)):
        typer.echo("a site administrator or auditor has at least one --site, everybody else none", err=True)
        raise typer.Exit(2)
    return given


@accounts_app.command("bootstrap")
def bootstrap_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """Print a secret that lets one administrator in over the API: once, within the hour. It replaces an earlier one.

    It is how the first administrator comes in, and how one comes in when nobody else can any more: that use is an alarm in the log.
    """
    from broker import administration

    typer.echo(run(administration.bootstrap(config_of(config))))


@accounts_app.command("invite")
def invite_command(
    person: Annotated[str, typer.Option("--person", help="Id of the person in the directory, such as t-anna.")],
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    company: Annotated[str, typer.Option("--company", help="The person's company.")],
    sign_in_name: Annotated[str, typer.Option("--sign-in-name", help="What the person types to sign in; the id without it.")] = "",
    role: RoleOption = Role.TECHNICIAN,
    sites: SitesOption = None,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Invite somebody and print the link: good once, for seven days. It replaces an earlier invitation."""
    from broker import administration

    read, held = config_of(config), _sites(role, sites)
    if not person.startswith("t-") or not 3 <= len(person) <= 64:
        typer.echo("a person's id begins with t- and has at most 64 characters", err=True)
        raise typer.Exit(2)
    account = administration.new_account(person, sign_in_name or person, name, company, role, held)
    typer.echo(run(administration.invite(read, account)))


@accounts_app.command("suspend")
def suspend_command(
    person: PersonArgument,
    restore: Annotated[bool, typer.Option("--restore", help="The same as `accounts resume`.")] = False,
    even_last: EvenLastOption = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Close an account at once: no sign-in, and live ones are over within a second."""
    from broker import administration

    read = config_of(config)
    run(administration.resume(read, person) if restore else administration.suspend(read, person, even_last=even_last))


@accounts_app.command("resume")
def resume_command(person: PersonArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Open a suspended account again. The person signs in anew."""
    from broker import administration

    run(administration.resume(config_of(config), person))


@accounts_app.command("role")
def role_command(
    person: PersonArgument,
    role: RoleOption,
    sites: SitesOption = None,
    even_last: EvenLastOption = False,
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Make an account one for something else. Its sign-ins are over within a second."""
    from broker import administration

    run(administration.change_role(config_of(config), person, role, _sites(role, sites), even_last=even_last))


@accounts_app.command("delete")
def delete_command(person: PersonArgument, even_last: EvenLastOption = False, config: ConfigOption = DEFAULT_FILE) -> None:
    """Close an account for good and forget its password and second factor. Its id, name and history stay."""
    from broker import administration

    run(administration.delete(config_of(config), person, even_last=even_last))


@accounts_app.command("sign-out")
def sign_out_command(person: PersonArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """End every sign-in of an account, on every device."""
    from broker import administration

    run(administration.sign_out(config_of(config), person))


@accounts_app.command("clear-stop")
def clear_stop_command(person: PersonArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Let an account be signed in to again that was stopped after too many wrong sign-ins."""
    from broker import administration

    run(administration.clear_stop(config_of(config), person))


@accounts_app.command("list")
def list_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """List accounts: id, sign-in name, name, company, role, sites, state."""
    from broker import administration

    read = config_of(config)
    failures, rows = run(administration.failures(read)), list[tuple[str, ...]]()
    for each in run(administration.accounts(read)):
        state = _state(read, each, failures[each.technician_id])
        rows.append((each.technician_id, each.sign_in_name, each.name, each.company, each.role.value, ", ".join(each.sites), state))
    show(("id", "sign-in name", "name", "company", "role", "sites", "state"), rows)


@accounts_app.command("show")
def show_command(person: PersonArgument, config: ConfigOption = DEFAULT_FILE) -> None:
    """Show one account. No password, no second factor and no recovery code can be shown."""
    from broker import administration

    read = config_of(config)
    found, credentials, left = run(administration.account(read, person))
    since = datetime.fromtimestamp(credentials.password_set, UTC).isoformat(timespec="seconds") if credentials.password_set else "unknown"
    rows = (
        ("id", found.technician_id), ("sign-in name", found.sign_in_name), ("name", found.name), ("company", found.company),
        ("role", found.role.value), ("sites", ", ".join(found.sites)), ("state", _state(read, found, credentials.failures)),
        ("wrong sign-ins in a row", str(credentials.failures)), ("password since", since), ("recovery codes left", str(left)),
    )  # fmt: skip
    show(("what", "value"), list(rows))


@accounts_app.command("proposals")
def proposals_command(config: ConfigOption = DEFAULT_FILE) -> None:
    """List what one person proposed and a second one has not decided yet. It is approved or declined over the API, not here."""
    from broker import administration

    for each in run(administration.proposals(config_of(config))):
        proposed, after = each.proposed, each.proposed.after
        before = proposed.before.role.value if proposed.before is not None else "new"
        sites = f" of {', '.join(sorted(after.sites))}" if after.sites else ""
        until = datetime.fromtimestamp(proposed.expires, UTC).isoformat(timespec="seconds")
        typer.echo(f"{each.proposal_id}  {after.account_id} ({each.name}, {after.company}): {before} -> {after.role.value}{sites}")
        typer.echo(f"  proposed by {proposed.proposer.account_id}, waits until {until}")


def _state(read: BrokerConfig, account: "Account", failures: int) -> str:
    if account.deleted is not None:
        return "deleted"
    if account.suspended:
        return "suspended"
    if not account.confirmed:
        return "invited"
    return "stopped" if failures >= read.account_failures else "active"
