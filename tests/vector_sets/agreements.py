"""Vectors of the support code, of commitments, and of the key agreement with every value on the way."""

from hashlib import sha256

from cpace import _calculate_generator

from policy.permissions import Direction, Lane
from tests.vector_sets.messages import Json
from wire.code import draw_halves, first_half_digest, read_code
from wire.commitments import commitment
from wire.sealed.agreement import Agreed, ConsoleAgreement, HostAgreement, Visit, session_identifier
from wire.sealed.keys import epoch_key, lane_secret, next_secret
from wire.sealed.renewal import ConsoleRenewal, HostRenewal

VISIT = Visit("s-7f3a", "482913", "b-demo", "h-00c4", "t-ada")
HOST_NONCE, CONSOLE_NONCE = bytes(range(32)), bytes(range(32, 64))
HOST_SCALAR, CONSOLE_SCALAR = sha256(b"host scalar").digest(), sha256(b"console scalar").digest()
LANES = ((Lane.CONTROL, 0), (Lane.SCREEN, 1), (Lane.INPUT, 2))


def code_set() -> Json:
    """What may be typed for one code, what is none, and how halves are drawn and kept."""
    typed = ("482-913 K7QF-2M9X", "482913k7qf2m9x", " 482 913 k7qf 2m9x ", "482\u2013913\u00a0K7QF\u20112M9X", "4829I3 K7QF 2M9X")
    read_as = ("O00-IIl oOiL-0l1I", "000111 0011-0111")
    refused = (
        "",
        "482-913",
        "482-913 K7QF",
        "482-913 K7QF-2M9XX",
        "48291A K7QF-2M9X",
        "482-913 K7QU-2M9X",
        "482-913 K7QF-2M9\u00e9",
        "482.913 K7QF2M9X",
    )
    entropy = bytes((0, 31, 32, 255, 18, 19, 77, 200))
    salt = bytes(range(16))
    return {
        "read": [{"typed": text, **_code(text)} for text in (*typed, *read_as)],
        "refused": list(refused),
        "draw": {"entropy": entropy.hex(), "first": draw_halves(entropy)[0], "second": draw_halves(entropy)[1]},
        "digest": {"salt": salt.hex(), "half": "K7QF", "digest": first_half_digest(salt, "K7QF").hex()},
    }


def _code(typed: str) -> Json:
    code = read_code(typed)
    return {"ticket": code.ticket, "first": code.first, "second": code.second, "shown": code.shown()}


def commitment_set() -> Json:
    """Words, key, and what the clear ledger holds of them."""
    key = bytes(range(32))
    words = ("", "Pump error 14 after the update", "Chromatogram sieht schief aus \u2014 \U0001f52c")
    return {"key": key.hex(), "cases": [{"words": each, "commitment": commitment(key, each).hex()} for each in words]}


def agreement_set() -> Json:
    """One run with fixed entropy, and one whose halves differ."""
    return {
        "visit": {
            "session_id": VISIT.session_id,
            "ticket": VISIT.ticket,
            "broker_id": VISIT.broker_id,
            "host_id": VISIT.host_id,
            "technician_id": VISIT.technician_id,
        },
        "right": run("2M9X", "2M9X"),
        "wrong": run("2M9X", "2M9Y"),
        "renewal": renewal(),
    }


def renewal() -> Json:
    """New keys after a line was cut, with every value that crosses and what both ends arrive at."""
    before = Agreed(sha256(b"session secret").digest(), sha256(b"transcript").digest())
    host = HostRenewal(VISIT, before, 3, nonce=HOST_NONCE, scalar=HOST_SCALAR)
    console = ConsoleRenewal(VISIT, before, host.open(), nonce=CONSOLE_NONCE, scalar=CONSOLE_SCALAR)
    tag = host.confirm(console.share())
    assert tag is not None
    agreed = console.confirm(tag)
    return {
        "before": {"secret": before.secret.hex(), "transcript": before.transcript.hex()},
        "number": 3,
        "host_nonce": HOST_NONCE.hex(),
        "console_nonce": CONSOLE_NONCE.hex(),
        "console_scalar": CONSOLE_SCALAR.hex(),
        "host_share": host.open().share.hex(),
        "console_share": console.share().share.hex(),
        "console_tag": console.share().tag.hex(),
        "host_tag": tag.tag.hex(),
        "secret": agreed.secret.hex(),
        "transcript": agreed.transcript.hex(),
    }


def run(host_half: str, console_half: str) -> Json:
    """Every value of one run; those after the console's tag only when the halves are the same."""
    host = HostAgreement(VISIT, host_half, 1, nonce=HOST_NONCE, scalar=HOST_SCALAR)
    console = ConsoleAgreement(VISIT, console_half, host.open(), nonce=CONSOLE_NONCE, scalar=CONSOLE_SCALAR)
    share = console.share()
    answer = host.answer(share)
    tag = console.tag(answer)
    host_tag = host.confirm(tag)
    sid = session_identifier(VISIT.session_id, HOST_NONCE, CONSOLE_NONCE)
    ci = VISIT.channel_identifier()
    told: Json = {
        "host_half": host_half,
        "console_half": console_half,
        "run": 1,
        "offered": list(host.open().offered),
        "chosen": share.chosen,
        "host_nonce": HOST_NONCE.hex(),
        "console_nonce": CONSOLE_NONCE.hex(),
        "host_scalar": HOST_SCALAR.hex(),
        "console_scalar": CONSOLE_SCALAR.hex(),
        "sid": sid.hex(),
        "ci": ci.decode(),
        "ad_technician": console.associated_data[0].decode(),
        "ad_host": console.associated_data[1].decode(),
        "console_generator": _calculate_generator(console_half.encode(), ci, sid).hex(),
        "console_share": share.share.hex(),
        "host_share": answer.share.hex(),
        "console_tag": tag.tag.hex(),
        "confirmed": host_tag is not None,
    }
    if host_tag is None or host.agreed is None:
        return told
    done = host.agreed
    return {
        **told,
        "host_tag": host_tag.tag.hex(),
        "transcript": done.transcript.hex(),
        "session_secret": done.secret.hex(),
        "lanes": [
            _lane(done.secret, lane, grant, way)
            for lane, grant in ((Lane.CONTROL, 0), (Lane.SCREEN, 1), (Lane.INPUT, 2))
            for way in Direction
        ],
    }


def _lane(secret: bytes, lane: Lane, grant: int, direction: Direction) -> Json:
    first = lane_secret(secret, lane, grant, direction)
    return {
        "lane": int(lane),
        "grant": grant,
        "direction": direction.value,
        "key_0": epoch_key(first).hex(),
        "key_1": epoch_key(next_secret(first)).hex(),
    }
