"""Who may even speak: exact Origin, cookie, body size. Everything here refuses before anything is read from a peer."""

from typing import TypeVar

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from broker.storage.secret_box import token_hash
from policy.decision import Reason
from wire.messages.presence import Refused
from wire.schema import MalformedMessage, decode, encode, from_base64url

COOKIE = "__Host-chaperone"
BODY_MAX = 64 * 1024
T = TypeVar("T")

_STATUS = {
    Reason.ORIGIN_REFUSED: 403,
    Reason.NOT_SIGNED_IN: 401,
    Reason.SIGN_IN_FAILED: 401,
    Reason.SECOND_FACTOR_WRONG: 401,
    Reason.SECOND_FACTOR_STALE: 401,
    Reason.SIGN_IN_PAUSED: 429,
    Reason.TOO_MANY_TRIES: 429,
    Reason.TOO_FAST: 429,
    Reason.INVITATION_INVALID: 404,
    Reason.ENROLMENT_INVALID: 404,
    Reason.BOOTSTRAP_INVALID: 404,
    Reason.ACCOUNT_UNKNOWN: 404,
    Reason.ACCOUNT_EXISTS: 409,
    Reason.LAST_ADMINISTRATOR: 409,
    Reason.PROPOSAL_UNKNOWN: 404,
    Reason.RECEIPT_UNKNOWN: 404,
    Reason.PROPOSAL_DECIDED: 409,
    Reason.PROPOSAL_EXPIRED: 409,
    Reason.PROPOSAL_CHANGED: 409,
    Reason.TOO_MANY_PROPOSALS: 429,
    Reason.PASSWORD_TOO_WEAK: 409,
    Reason.PASSWORD_COMMON: 409,
    Reason.PASSWORD_CLASSES: 409,
    Reason.PASSWORD_SAME: 409,
    Reason.PASSWORD_DUE: 409,
    Reason.WRONG_MOMENT: 409,
    Reason.DOCUMENT_STALE: 409,
    Reason.TOO_LARGE: 413,
    Reason.LOG_UNAVAILABLE: 503,
    Reason.TOO_BUSY: 503,
    Reason.MALFORMED: 400,
}
"""Every other reason is answered with 403."""


class Denied(Exception):
    """This request is refused; the answer carries the reason and nothing else."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def answer(said: object, status: int = 200) -> Response:
    """One message as an HTTP answer."""
    return Response(encode(said), status, media_type="application/json")


def refusal(about: str, reason: Reason) -> Response:
    """A refusal as an HTTP answer."""
    return answer(Refused(about, reason), _STATUS.get(reason, 403))


def origins(connection: HTTPConnection) -> list[str]:
    """Every Origin header. Two of them are as wrong as a wrong one."""
    return connection.headers.getlist("origin")


def from_console(connection: HTTPConnection, console_origin: str) -> bool:
    """Does it come from the console's pages? Compared letter by letter; absent and `null` are a no."""
    return origins(connection) == [console_origin]


def from_machine(connection: HTTPConnection) -> bool:
    """No browser sends a request of this kind without an Origin, and no machine of ours sends one with it."""
    return origins(connection) == []


def cookie_hash(connection: HTTPConnection) -> bytes | None:
    """The hash of the sign-in cookie, if there is one that could be ours."""
    text = connection.cookies.get(COOKIE)
    if text is None:
        return None
    try:
        token = from_base64url(text)
    except MalformedMessage:
        return None
    return token_hash(token) if len(token) == 32 else None


def set_cookie(response: Response, value: str) -> Response:
    """Hand out a sign-in cookie, or take it away with an empty value. The prefix makes browsers hold us to Secure and Path."""
    gone = "; Max-Age=0" if not value else ""
    response.headers.append("set-cookie", f"{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Strict{gone}")
    return response


def address_of(connection: HTTPConnection) -> str:
    """The network address of the peer. Forwarded headers are not believed."""
    return connection.client.host if connection.client else "unknown"


async def body_of(request: Request, cls: type[T], most: int = BODY_MAX) -> T:
    """Read one strict message. Raises Denied, having held at most `most` bytes."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise Denied(Reason.MALFORMED)
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > most:
            raise Denied(Reason.TOO_LARGE)
    try:
        return decode(bytes(held), cls)
    except MalformedMessage:
        raise Denied(Reason.MALFORMED) from None
