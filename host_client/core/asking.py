"""From *asked* to *answered*: verify, check, record, ask the person, record, answer, begin (docs/protocol.md, section 5).

1  the request is signed by the device that proved itself, for this visit, with a new number and its words
2  policy: may it be asked now, by our own signed documents, and is there a screen?
3  recorded: the request, each step, and the prompt word for word; then the person sees it
4  the person answers, or 60 s pass; nothing counts in the first second
5  *allow*: policy once more, recorded, and only then signed, sent and begun
   anything else: sent first, recorded after
"""

from collections.abc import Generator
from dataclasses import replace
from typing import Any, assert_never

from audit.events import host, visit
from audit.events.shape import Event as AuditEvent
from host_client.abilities import FileFromHost, FileToHost, Restart
from host_client.core.commands import Command, Note, Record, SendSession, StartTimer, StopTimer, Talk, Tell, to_peer
from host_client.core.ending import end_visit
from host_client.core.events import Timer
from host_client.core.files import Files
from host_client.core.masking import put_on
from host_client.core.proving import step_entries
from host_client.core.requests import NO_REACH, Prompt, Reach, Request, answer_words, answered, named, no_prompt, prompt_of, read_asked
from host_client.core.restarting import hindrance, may_restart
from host_client.core.standing import Proven, Standing
from host_client.core.waiting import started
from host_client.link import ClosePrompt, Given, PromptAnswered, ShowPrompt
from host_client.link_files import FileDrop, FilePicked, FilePicking
from policy.admission import Step
from policy.consent import asked as put
from policy.consent import granted, may_ask, refused
from policy.decision import Allow, Decision, Deny, Reason
from policy.instant import Instant
from policy.permissions import TERMS, Permission
from policy.session import EndCause, SessionEvent, SessionState
from wire.commitments import KEY_BYTES
from wire.errors import PeerMisbehaved
from wire.frames import FrameKind
from wire.limits import FILE_PICK_SECONDS, PROMPT_ARMED_AFTER
from wire.messages.ledger import Answer, FileScope
from wire.sealed.inner import AskWords, FileWords, HostNotice, Notice
from wire.statements import Label, Statement

OfThePrompt = PromptAnswered | FilePicking | FilePicked
_ARMED_MS = int(PROMPT_ARMED_AFTER * 1000)
_CAUSE = {Answer.REFUSE: EndCause.REFUSED, Answer.NO_ANSWER: EndCause.NO_ANSWER, Answer.POLICY: EndCause.POLICY}


class Asking:
    """The requests of one visit, one at a time."""

    def __init__(self, standing: Standing, files: Files) -> None:
        self._standing, self._files = standing, files
        self._words: AskWords | None = None
        self._all_files = False
        """The prompt that is shown offers *all files of this visit*."""
        self._picking = False
        """The person looks for a file to send, and has got the time for it."""

    def words(self, said: AskWords) -> None:
        """The technician's own words for the request that comes next."""
        self._words = said

    # ---- steps 1 to 3

    def asked(self, statement: Statement, proven: Proven, now: Instant) -> Talk:
        """A request arrived. Raises PeerMisbehaved."""
        standing, offer = self._standing, self._standing.offer
        who = (offer.session_id, offer.technician_id, standing.trusted.enrolled.host_id)
        words, self._words = self._words, None
        request = read_asked(statement, proven.device, who, words)
        if request.asked.ask <= standing.consent.newest_ask:
            raise PeerMisbehaved("a request that came before")
        steps = standing.trusted.steps(offer.technician_id, proven.device, request.asked.permission, now)
        decision = yield from self._may_be_put(request, steps, now)
        if standing.stopping:
            yield Note(_asked_entry(request))
            return
        if isinstance(decision, Deny):
            standing.consent = replace(standing.consent, newest_ask=request.asked.ask)
            yield Note(_asked_entry(request))
            for entry in step_entries(standing, steps):
                yield Note(entry)
            yield from self._answer_no(request, no_prompt(standing.ports, now), Answer.POLICY, decision.reason, now)
        elif request.asked.permission in standing.all_files:
            yield from self._follow(request, steps, now)
        else:
            yield from self._put(request, proven, steps, now)

    def _may_be_put(self, request: Request, steps: tuple[Step, ...], now: Instant) -> Generator[Command, Any, Decision]:
        standing, permission = self._standing, request.asked.permission
        decisions: list[Decision] = [Deny(Reason.VIEW_ONLY)] if standing.watches and permission is not Permission.VIEW else []
        if standing.prompting and permission not in standing.all_files:
            decisions.append(Deny(Reason.ALREADY_ASKED))
        decisions += [may_ask(standing.consent, request.asked.ask, permission, now), *(step.decision for step in steps)]
        if permission not in standing.abilities:
            decisions.append(Deny(Reason.PERMISSION_NOT_OFFERED))
        if not standing.seat.has_screen:
            decisions.append(Deny(Reason.NO_SCREEN))
        if request.words.file is not None and standing.files_taken + request.words.file.size > standing.ports.files_most:
            decisions.append(Deny(Reason.FILES_TOO_LARGE))
        decision = next((decision for decision in decisions if isinstance(decision, Deny)), Allow())
        if permission is Permission.RESTART and not isinstance(decision, Deny):
            return (yield from may_restart(standing))
        return decision

    def _follow(self, request: Request, steps: tuple[Step, ...], now: Instant) -> Talk:
        """The person has allowed all files this way: this one is recorded and answered like any other, and nobody is asked again."""
        standing = self._standing
        if isinstance(standing.move(SessionEvent.MORE_ASKED), Deny):
            raise PeerMisbehaved("a request at the wrong moment")
        standing.consent = put(standing.consent, request.asked.ask)
        prompt = no_prompt(standing.ports, now)
        recorded = yield Record((_asked_entry(request), *step_entries(standing, steps)))
        if standing.stopping:
            return
        if recorded:
            yield from self._allow(request, prompt, Reach(FileScope.SESSION, standing.all_files[request.asked.permission]), now)
        else:
            yield from self._answer_no(request, prompt, Answer.POLICY, Reason.LOG_UNAVAILABLE, now)

    def _put(self, request: Request, proven: Proven, steps: tuple[Step, ...], now: Instant) -> Talk:
        standing = self._standing
        moved = standing.move(SessionEvent.VIEW_ASKED if standing.state is SessionState.SEALED else SessionEvent.MORE_ASKED)
        if isinstance(moved, Deny):
            raise PeerMisbehaved("a request at the wrong moment")
        standing.consent = put(standing.consent, request.asked.ask)
        prompt = prompt_of(
            request, proven.person, standing.trusted.host_name(now), standing.ports, standing.seat, now, watched=_watched(standing)
        )
        yield from self._show(request, prompt, (_asked_entry(request), *step_entries(standing, steps)), now)
        if standing.request is not None and not standing.stopping:
            yield SendSession(proven.seals.say(HostNotice(Notice.PROMPT_SHOWN), now))
            yield from standing.chat.begin(standing.may_write(now), proven.person.name, proven.seals, now)

    def _show(self, request: Request, prompt: Prompt, before: tuple[AuditEvent, ...], now: Instant) -> Talk:
        """Recorded with what was `before`, then shown. What cannot be recorded is answered instead."""
        standing, ask = self._standing, request.asked
        standing.request, standing.prompt = request, prompt
        shown = host.PromptShown(
            session_id=standing.session_id,
            ask=ask.ask,
            permission=ask.permission,
            language=standing.seat.language,
            prompt=prompt.lines,
            prompt_key=prompt.key,
        )
        recorded = yield Record((*before, shown))
        if standing.stopping:
            return
        if not recorded:
            standing.request = standing.prompt = None
            yield from self._answer_no(request, prompt, Answer.POLICY, Reason.LOG_UNAVAILABLE, now)
            return
        seconds = standing.trusted.rules.prompt_seconds(ask.permission)
        self._all_files, self._picking = ask.permission is Permission.FILE_TO_HOST and standing.trusted.rules.all_files(), False
        yield Tell(ShowPrompt(ask.ask, ask.permission, prompt.lines, seconds, _ARMED_MS, self._all_files, _to_be_picked(request)))
        yield StartTimer(Timer.PROMPT, seconds)

    # ---- a file from this PC: the person picks it, and is asked again with its name and hash

    def picking(self, said: FilePicking, now: Instant) -> Talk:
        """The person looks for a file: once a request, there is more time for that."""
        request = self._standing.request
        if request is not None and request.asked.ask == said.ask and _to_be_picked(request) and not self._picking:
            self._picking = True
            yield StartTimer(Timer.PROMPT, FILE_PICK_SECONDS)

    def picked(self, said: FilePicked, now: Instant) -> Talk:
        """This is what would be sent: a prompt of its own, recorded and armed like any other."""
        standing, proven = self._standing, self._standing.proven
        request, prompt = standing.request, standing.prompt
        if request is None or prompt is None or proven is None or request.asked.ask != said.ask or not _to_be_picked(request):
            yield Note(host.Refusal(session_id=standing.session_id, about="desk.file_picked", reason=Reason.WRONG_MOMENT))
            return
        if standing.files_taken + said.size > standing.ports.files_most:
            yield from self._take_prompt(request, now)
            yield from self._answer_no(request, prompt, Answer.POLICY, Reason.FILES_TOO_LARGE, now)
            return
        key = standing.ports.entropy(KEY_BYTES)
        file = FileWords(said.name, said.folder, said.files, said.size, said.manifest, said.digest, key)
        request = replace(request, words=replace(request.words, file=file))
        name = standing.trusted.host_name(now)
        prompt = prompt_of(request, proven.person, name, standing.ports, standing.seat, now, said.left_out)
        yield from self._show(request, prompt, (), now)

    # ---- steps 4 and 5

    def desk(self, said: OfThePrompt, now: Instant) -> Talk:
        """What the person did with the prompt."""
        match said:
            case PromptAnswered():
                yield from self.answered(said, now)
            case FilePicking():
                yield from self.picking(said, now)
            case FilePicked():
                yield from self.picked(said, now)
            case _:
                assert_never(said)

    def answered(self, said: PromptAnswered, now: Instant) -> Talk:
        """The person answered. An answer to another prompt, or in the first second, is none."""
        standing = self._standing
        request, prompt = standing.request, standing.prompt
        early = prompt is not None and now.elapsed_since(prompt.shown) < PROMPT_ARMED_AFTER
        unpicked = request is not None and _to_be_picked(request)
        beyond = ((early or unpicked) and said.given is not Given.REFUSE) or (said.given is Given.ALLOW_ALL and not self._all_files)
        if request is None or prompt is None or said.ask != request.asked.ask or beyond:
            yield Note(host.Refusal(session_id=standing.session_id, about="desk.prompt_answered", reason=Reason.WRONG_MOMENT))
            return
        yield from self._take_prompt(request, now)
        decision = self._still_allowed(request, now)
        if said.given is Given.REFUSE:
            yield from self._answer_no(request, prompt, Answer.REFUSE, Reason.REFUSED_BY_PERSON, now)
        elif isinstance(decision, Deny):
            yield from self._answer_no(request, prompt, Answer.POLICY, decision.reason, now)
        else:
            yield from self._allow(request, prompt, _reach(request, said.given), now)

    def no_answer(self, now: Instant) -> Talk:
        """The time for an answer passed."""
        request, prompt = self._standing.request, self._standing.prompt
        if request is not None and prompt is not None:
            yield from self._take_prompt(request, now)
            yield from self._answer_no(request, prompt, Answer.NO_ANSWER, Reason.NO_ANSWER, now)

    def _take_prompt(self, request: Request, now: Instant) -> Talk:
        standing = self._standing
        standing.request = standing.prompt = None
        standing.control.superseded = (now, Notice.INPUT_DROPPED_PROMPT)
        yield StopTimer(Timer.PROMPT)
        yield Tell(ClosePrompt(request.asked.ask))
        assert standing.proven is not None
        yield SendSession(standing.proven.seals.say(HostNotice(Notice.PROMPT_GONE), now))

    def _still_allowed(self, request: Request, now: Instant) -> Decision:
        """The documents may have changed, and view may be gone, since the prompt was shown."""
        standing, permission = self._standing, request.asked.permission
        assert standing.proven is not None
        last = standing.trusted.steps(standing.offer.technician_id, standing.proven.device, permission, now)[-1].decision
        if isinstance(last, Deny):
            return last
        if any(standing.consent.live(needed, now) is None for needed in TERMS[permission].requires):
            return Deny(Reason.REQUIRES_VIEW)
        waits = hindrance(standing) if permission is Permission.RESTART else None
        return Allow() if waits is None else Deny(waits)

    def _allow(self, request: Request, prompt: Prompt, reach: Reach, now: Instant) -> Talk:
        standing, asked, file = self._standing, request.asked, request.words.file
        ability = standing.abilities[asked.permission]
        if isinstance(ability, FileToHost | FileFromHost):
            ability.words = file
        if isinstance(ability, Restart):
            ability.seconds = standing.ports.restart_seconds or 0
        assert standing.proven is not None
        left = standing.limit_left(now)
        said = answered(asked, prompt, standing.seat, (Answer.ALLOW, None), left, standing.trusted.enrolled, now, reach)
        statement = standing.ports.signer.sign(Label.ANSWERED, said)
        begun = ability.begun(standing.session_id, asked.ask, standing.seat)
        recorded = yield Record((visit.answered(said, statement.sig, prompt.lines, prompt.key, named(reach.picked)), begun))
        if standing.stopping:
            yield Note(ability.ended(standing.session_id, asked.ask, Reason.SESSION_OVER))
            return
        if not recorded:
            yield from self._answer_no(request, prompt, Answer.POLICY, Reason.LOG_UNAVAILABLE, now)
            return
        standing.consent = granted(standing.consent, asked.permission, now.after(left))
        first = standing.state is SessionState.ASKING
        standing.move(SessionEvent.VIEW_ALLOWED if first else SessionEvent.MORE_ANSWERED)
        standing.answers.append((asked.permission, Answer.ALLOW))
        standing.files_taken += file.size if file is not None else 0
        if reach.scope is FileScope.SESSION and not reach.under:
            standing.all_files[asked.permission] = asked.ask
        yield to_peer(FrameKind.LEDGER, statement)
        yield SendSession(standing.proven.seals.say(answer_words(asked, prompt, reach.picked), now))
        put_on(standing, now)
        yield from started(standing, ability.begin(asked.ask), ability.paused())
        banner = standing.banner(now)
        assert banner is not None
        yield Tell(banner)
        if file is not None:
            yield from self._files.granted(asked.permission, now)
        if isinstance(ability, Restart):
            yield StartTimer(Timer.RESTART, ability.seconds)

    def _answer_no(self, request: Request, prompt: Prompt, answer: Answer, reason: Reason, now: Instant) -> Talk:
        standing, asked = self._standing, request.asked
        assert standing.proven is not None
        if standing.consent.pending == asked.ask:
            standing.consent = refused(standing.consent)
        said = answered(asked, prompt, standing.seat, (answer, reason), 0, standing.trusted.enrolled, now)
        statement = standing.ports.signer.sign(Label.ANSWERED, said)
        standing.answers.append((asked.permission, answer))
        if asked.permission is Permission.FILE_FROM_HOST:
            yield Tell(FileDrop(asked.ask))
        yield to_peer(FrameKind.LEDGER, statement)
        yield SendSession(standing.proven.seals.say(answer_words(asked, prompt), now))
        yield Note(visit.answered(said, statement.sig, prompt.lines, prompt.key))
        yield from self._after_no(asked.permission, answer, reason, now)

    def _after_no(self, permission: Permission, answer: Answer, reason: Reason, now: Instant) -> Talk:
        standing = self._standing
        if reason is Reason.LOG_UNAVAILABLE:
            yield from end_visit(standing, EndCause.LOG_UNAVAILABLE, now)
        elif standing.state in {SessionState.SEALED, SessionState.ASKING} and permission is Permission.VIEW:
            yield from end_visit(standing, _CAUSE[answer], now)
        elif standing.state is SessionState.VIEWING and reason is not Reason.ALREADY_ASKED:
            standing.move(SessionEvent.MORE_ANSWERED)


def _asked_entry(request: Request) -> visit.Asked:
    return visit.asked(request.asked, request.signature, request.words.words, request.words.key, named(request.words.file))


def _watched(standing: Standing) -> str:
    """Whom somebody watches who only watches; empty for a technician."""
    proven = standing.beside.proven if standing.watches and standing.beside is not None else None
    return proven.person.name if proven is not None else ""


def _to_be_picked(request: Request) -> bool:
    """Is nothing picked yet of what the technician asks for?"""
    return request.asked.permission is Permission.FILE_FROM_HOST and request.words.file is None


def _reach(request: Request, given: Given) -> Reach:
    match request.asked.permission:
        case Permission.FILE_FROM_HOST:
            return Reach(FileScope.THIS, picked=request.words.file)
        case Permission.FILE_TO_HOST:
            return Reach(FileScope.SESSION if given is Given.ALLOW_ALL else FileScope.THIS)
        case _:
            return NO_REACH
