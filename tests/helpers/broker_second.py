"""The broker's cores with a visit, and a second person who only watches it.

table = Table(); publish_two(table)
meeting = table.meet(); meeting.view()
watch = watching(table, meeting)      Bob sees what Anna sees
"""

from dataclasses import replace
from typing import Any

from broker.core.commands import SignInFacts, SignInId
from broker.core.console_control import ConsoleControl
from broker.core.session_socket import SessionSocket
from policy.permissions import Permission
from tests.helpers.broker_core import HALF, SALT, Meeting, Table, believed, control, framed
from tests.helpers.views import technician, view
from trust.signatures import Ed25519Signer
from wire.code import first_half_digest
from wire.frames import FrameKind
from wire.messages import ledger
from wire.messages.documents import Authenticator, AuthenticatorType
from wire.messages.presence import EndRole
from wire.messages.ticket import WatchOpen
from wire.schema import encode
from wire.statements import Label

BOB, BOBS_SIGN_IN, BOBS = "t-bob", SignInId(b"sign-in of bob"), Ed25519Signer(b"o" * 32)


def publish_two(table: Table, *, group: str = "blue", active: bool = True) -> None:
    """The documents list Anna and Bob."""
    listed = Authenticator(AuthenticatorType.ED25519, BOBS.public_key, "browser")
    bob = technician(BOB, group, devices=(listed,), name="Bob", company="Vendor", active=active)
    known = believed(table.person, table.listed)
    technicians = (table.person, bob)
    table.publish(replace(known, view=view(technicians, (table.listed,), vendor_policy=known.view.vendor_policy)))


class Watch(Meeting):
    """Bob's visit and the cores around it."""

    def asked(self, ask: int = 1, permission: Permission = Permission.VIEW) -> ledger.Asked:
        """A request as his console writes it."""
        return replace(super().asked(ask, permission), technician_id=BOB)

    def answered(
        self, ask: int = 1, permission: Permission = Permission.VIEW, answer: ledger.Answer = ledger.Answer.ALLOW
    ) -> ledger.Answered:
        """An answer to him."""
        return replace(super().answered(ask, permission, answer), technician_id=BOB)

    def by_console(self, label: Label, part: object) -> list[Any]:
        """His console states something."""
        return self.table.run(self.console_end, framed(FrameKind.LEDGER, encode(BOBS.sign(label, part))))


def bob_in(table: Table) -> ConsoleControl:
    """Bob's console, proven."""
    core = table.console_core(BOBS_SIGN_IN, BOB)
    table.prove(core, EndRole.CONSOLE, BOB, BOBS)
    return core


def open_watch(meeting: Meeting, watched: str | None = None) -> list[Any]:
    """The host shows a code for a second person."""
    digest = first_half_digest(SALT, HALF)
    return meeting.table.run(meeting.host, control(WatchOpen(watched or meeting.visit.session_id, SALT, digest)))


def code_of(meeting: Meeting) -> str:
    """The digits of his code."""
    open_watch(meeting)
    assert meeting.host.host is not None
    assert meeting.host.host.ticket is not None
    return meeting.host.host.ticket.number


def claim_as_bob(table: Table, console: ConsoleControl, number: str) -> list[Any]:
    """He enters it."""
    before, table.facts = table.facts, SignInFacts(BOB, 10.0)
    done = table.claim(console, number)
    table.facts = before
    return done


def admitted(table: Table, meeting: Meeting) -> Watch:
    """His visit, which nobody has joined yet."""
    bob = bob_in(table)
    claim_as_bob(table, bob, code_of(meeting))
    assert bob.console is not None
    visit = bob.console.visit
    assert visit is not None
    host_end = SessionSocket(table.board, table.socket(), "192.0.2.1", None)
    console_end = SessionSocket(table.board, table.socket(), "192.0.2.3", BOBS_SIGN_IN)
    return Watch(table, meeting.host, bob, host_end, console_end, visit)


def joined(table: Table, meeting: Meeting) -> Watch:
    """Both ends of it are there."""
    watch = admitted(table, meeting)
    watch.join(watch.host_end, EndRole.HOST)
    watch.join(watch.console_end, EndRole.CONSOLE)
    return watch


def watching(table: Table, meeting: Meeting) -> Watch:
    """He sees the screen."""
    watch = joined(table, meeting)
    watch.view()
    return watch


def met() -> tuple[Table, Meeting]:
    """Anna sees the screen, and Bob is listed too."""
    table = Table()
    publish_two(table)
    meeting = table.meet()
    meeting.view()
    return table, meeting


def seen() -> tuple[Table, Meeting, Watch]:
    """Bob watches her."""
    table, meeting = met()
    return table, meeting, watching(table, meeting)
