"""Where one visit stands: everything its parts share, and the one way to narrow it.

`cut` stops all that was granted, at once and without waiting; it may be called at any moment, also while an entry is
being written, and whoever waited for that entry looks at `stopping` before it widens anything.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from audit.events import host
from audit.events.shape import Event as AuditEvent
from host_client.abilities import ABILITIES, Ability, Control, View
from host_client.core.agreement import Code
from host_client.core.chat import Chat
from host_client.core.commands import Note, Talk, Tell
from host_client.core.ports import Ports, Seat
from host_client.core.requests import Prompt, Request
from host_client.core.seals import Seals
from host_client.core.trusted import Trusted
from host_client.link import BannerState, ClosePrompt, ShowBanner
from host_client.link_files import FileDrop
from host_client.link_frames import ToDesk
from policy.carrier import Direct
from policy.consent import Consent
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.permissions import Permission
from policy.session import SessionEvent, SessionState, advance
from trust.view import Technician
from wire.messages.documents import Authenticator
from wire.messages.ledger import Answer
from wire.messages.ticket import SessionOffered
from wire.sealed.agreement import Agreed
from wire.statements import Statement


class PauseCause(StrEnum):
    """Why a visit waits (`waiting.py`), the strongest first."""

    BROKER = "broker"
    """The broker is not heard (`leases.py`)."""
    PERSON = "person"
    """The person pressed *Pause*."""
    LOCAL = "local"
    """The person is using mouse or keyboard: the technician's wait, and nothing else does. The desk sees to it by itself."""


@dataclass(slots=True)
class Proven:
    """What stands once both ends have proven themselves."""

    seals: Seals
    agreed: Agreed
    """What the last agreement left: the ground of the next one, after a line was cut."""
    device: Authenticator
    person: Technician
    since: Instant


@dataclass(slots=True)
class Channel:
    """The channel of the direct path (`direct.py`). `attempt` counts from 1; `open`: recorded as such; `carrying`: content goes over it."""

    attempt: int = 0
    open: bool = False
    carrying: bool = False


@dataclass(slots=True)
class Standing:
    """One visit."""

    offer: SessionOffered
    code: Code
    trusted: Trusted
    ports: Ports
    seat: Seat
    state: SessionState = SessionState.OFFERED
    consent: Consent = field(default_factory=Consent)
    proven: Proven | None = None
    joined: bool = False
    """The session socket is up."""
    stopping: bool = False
    """Everything was cut; nothing may be widened any more."""
    paused: frozenset[PauseCause] = frozenset()
    local_touches: int = 0
    """How often the person used the PC since it was last recorded."""
    local_noted: Instant | None = None
    parted: bool = False
    """The line was cut; both ends may come back (`reconnecting.py`)."""
    idle_until: Instant | None = None
    """When the visit is over if nobody does anything (`idling.py`); None while somebody did lately."""
    beside: "Standing | None" = None
    """The other visit at this screen: of the technician, or of whoever only watches him (`second.py`)."""
    watches: bool = False
    """This one only watches the visit beside it: nothing but the view can be asked for."""
    untold: list[Statement] = field(default_factory=list)
    """What was taken back meanwhile, and the other side has not heard."""
    unsaid: list[object] = field(default_factory=list)
    """What is to be said of that inside the seals, once there are any again."""
    away: Reason | None = None
    """Why the desk shows nothing for now, though it is granted (`pausing.py`)."""
    denied: Reason | None = None
    """Why policy let nobody ask anything, for the person who waits for the visit."""
    request: Request | None = None
    prompt: Prompt | None = None
    abilities: dict[Permission, Ability] = field(default_factory=lambda: {each: make() for each, make in ABILITIES.items()})
    no_hand: Control = field(default_factory=Control)
    """What stands for mouse and keyboard where nobody can be granted them."""
    chat: Chat = field(default_factory=Chat)
    answers: list[tuple[Permission, Answer]] = field(default_factory=list)
    all_files: dict[Permission, int] = field(default_factory=dict)
    """Which way every file of this visit is allowed, and by the answer to which request."""
    files_taken: int = 0
    """Bytes of files that were allowed in this visit."""
    channel: Channel = field(default_factory=Channel)
    unrecorded: list[AuditEvent] = field(default_factory=list)
    """What was stopped and has no entry yet."""

    @property
    def view(self) -> View:
        """The ability of seeing the screen."""
        view = self.abilities[Permission.VIEW]
        assert isinstance(view, View)
        return view

    @property
    def control(self) -> Control:
        """The ability of mouse and keyboard."""
        control = self.abilities.get(Permission.CONTROL, self.no_hand)
        assert isinstance(control, Control)
        return control

    @property
    def granted(self) -> tuple[Permission, ...]:
        """What is granted now, the view last: what rests on it goes before it."""
        return tuple(each for each in reversed(self.abilities) if self.abilities[each].grant)

    @property
    def at_work(self) -> tuple[Ability, ...]:
        """The abilities of what is granted, in the same order."""
        return tuple(self.abilities[each] for each in self.granted)

    @property
    def session_id(self) -> str:
        """The visit's id."""
        return self.offer.session_id

    @property
    def over(self) -> bool:
        """Has it ended?"""
        return self.state is SessionState.ENDED

    @property
    def halted(self) -> bool:
        """Does everything wait that was granted?"""
        return bool(self.paused - {PauseCause.LOCAL})

    @property
    def prompting(self) -> bool:
        """Is anything before the person, of this visit or of the one beside it?"""
        return self.request is not None or (self.beside is not None and self.beside.request is not None)

    def may_write(self, now: Instant) -> Decision:
        """May the two people of this visit write to each other?"""
        return Deny(Reason.VIEW_ONLY) if self.watches else self.trusted.chat(now)

    def waits(self, now: Instant) -> bool:
        """Has content no way just now? Either the line is cut, or it may go directly only and there is no channel."""
        return self.parted or (not self.channel.carrying and self.trusted.direct(now).mode is Direct.ONLY)

    def move(self, event: SessionEvent) -> Decision:
        """Take one step of the order of a visit, if the table has it."""
        moved = advance(self.state, event)
        if isinstance(moved, Deny):
            return moved
        self.state = moved
        return Allow()

    def limit_left(self, now: Instant) -> float:
        """Seconds until the visit ends by itself."""
        since = self.proven.since if self.proven else now
        return self.trusted.rules.limit_seconds() - now.elapsed_since(since)

    def banner(self, now: Instant) -> ShowBanner | None:
        """What the banner says now."""
        if self.proven is None:
            return None
        person = self.proven.person
        elapsed, left = now.elapsed_since(self.proven.since), self.limit_left(now)
        shown = (person.name, person.company, self._banner_state, int(elapsed), max(0, int(left)))
        return ShowBanner(*shown, self.granted, self._idle_left(now), self.channel.carrying)

    def _idle_left(self, now: Instant) -> int:
        """Seconds until stillness ends the visit; 0 without a warning."""
        return 0 if self.idle_until is None else max(1, int(self.idle_until.elapsed_since(now)))

    @property
    def _banner_state(self) -> BannerState:
        if PauseCause.BROKER in self.paused:
            return BannerState.SUSPENDED
        if self.away is not None:
            return BannerState.UNMASKED if self.away is Reason.MASK_NOT_PLACED else BannerState.LOCKED
        if PauseCause.PERSON in self.paused:
            return BannerState.PAUSED
        if self.control.grant:
            return BannerState.WAITING if PauseCause.LOCAL in self.paused else BannerState.CONTROLLING
        return BannerState.VIEWING if self.view.grant else BannerState.ASKED

    def take_touches(self) -> tuple[AuditEvent, ...]:
        """The entry about what was not written down yet of a person who used the PC."""
        count, self.local_touches = self.local_touches, 0
        return (host.RemoteInputWaited(session_id=self.session_id, count=count),) if count else ()

    def cut(self, reason: Reason | None = None) -> tuple[ToDesk, ...]:
        """Stop everything that was granted or asked, at once. What the desk must be told; nothing the second time."""
        self.stopping = True
        told: list[ToDesk] = []
        for ability in self.at_work:
            self.unrecorded.append(ability.ended(self.session_id, ability.grant, reason))
            told.extend(ability.end())
        self.unrecorded.extend(self.take_touches())
        self.consent = replace(self.consent, grants=(), pending=0)
        if self.request is not None:
            told.append(ClosePrompt(self.request.asked.ask))
            if self.request.asked.permission is Permission.FILE_FROM_HOST:
                told.append(FileDrop(self.request.asked.ask))
            self.request = self.prompt = None
        return tuple(told)

    def tell_cut(self, reason: Reason | None = None) -> Talk:
        """`cut`, as commands: acts first, records after."""
        for said in self.cut(reason):
            yield Tell(said)
        while self.unrecorded:
            yield Note(self.unrecorded.pop(0))
