"""Case 48, the broker: no secret stands in its log, on its standard error even when it is told to say everything, in an answer
that refuses, or in its database in a form that opens anything; and nothing of a picture stands in its memory.

The browser's part (page, address bar, storage) is told in the journeys.
"""

import os
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from policy.decision import Reason
from policy.permissions import Lane
from tests.helpers.broker_log import findings, rows
from tests.helpers.broker_process import ORIGIN, PASSWORD, BrokerProcess, running_broker
from tests.helpers.ends import FIRST_HALF, Meeting, claim, join, meeting, open_ticket
from tests.helpers.memory import holds
from trust.signatures import Ed25519Signer
from wire.frames import FrameKind, RecordHeader
from wire.messages import signin
from wire.messages.signin import Done
from wire.schema import MalformedMessage, base64url, from_base64url
from wire.statements import Label

pytestmark = pytest.mark.adversary
PICTURE = b"what stands on the screen of the instrument " + os.urandom(8).hex().encode()


def spellings(secret: str) -> set[bytes]:
    """As it is, and as the bytes that it may stand for: raw and in hexadecimal."""
    try:
        raw = from_base64url(secret)
    except MalformedMessage:
        raw = secret.encode()
    return {secret.encode(), raw, raw.hex().encode()}


def left_behind(broker: BrokerProcess) -> dict[str, bytes]:
    """Everything that outlives a request, by its name. The key files are where keys belong."""
    files = (path for path in broker.database.parent.rglob("*") if path.is_file() and path.suffix != ".key")
    state = {path.name: path.read_bytes() for path in files}
    entries = b"\n".join(row.entry for row in rows(broker)[1])
    return {**state, "log entries": entries, "standard error": (broker.folder / "broker.log").read_bytes()}


async def refusals(broker: BrokerProcess, secrets: dict[str, str], token: bytes) -> bytes:
    """Bring secrets where they are refused; all that came back."""
    stranger = Ed25519Signer(os.urandom(32))
    payload = signin.EnrolmentPayload(stranger.public_key, "PC", "analyser", False, "Admin", "1", 0)
    said = [
        ("/api/sign-in", signin.SignIn("t-anna", PASSWORD, secrets["code"]), ORIGIN),
        ("/api/sign-in", signin.SignIn("t-anna", secrets["wrong password"], "000000"), ORIGIN),
        ("/api/invitation/look", signin.InvitationLook(token), ORIGIN),
        ("/api/invitation/accept", signin.InvitationAccept(token, secrets["wrong password"]), ORIGIN),
        ("/api/enrol", signin.HostEnrol(token, stranger.sign(Label.DIRECTORY, payload)), None),
        ("/" + secrets["wrong password"].replace(" ", "-"), Done(), ORIGIN),
    ]
    answers = [await broker.post(path, body, origin=origin) for path, body, origin in said]
    assert all(answer.status_code >= 400 for answer in answers)
    return b"\n".join(answer.content + repr(answer.headers.raw).encode() for answer in answers)


async def relay_a_picture(visit: Meeting) -> None:
    """Sealed as the ends seal: the broker sees the record and has no key."""
    await visit.spent()
    await visit.ask()
    await visit.allow()
    header = RecordHeader(Lane.SCREEN, 1, 0, 0).encode()
    sealed = AESGCM(os.urandom(32)).encrypt(bytes(12), PICTURE * 100, header)
    await visit.host_wire.send(FrameKind.SEALED, header + sealed)
    assert (await visit.console_wire.frame()).body == header + sealed


async def test_no_secret_stands_anywhere_after_it_was_used(tmp_path: Path) -> None:
    async with running_broker(tmp_path, log_level="debug") as broker:
        secrets: dict[str, str] = {"password": PASSWORD, "wrong password": "a canary that sings in the dark"}
        link = await broker.run("accounts", "invite", "--person", "t-guest", "--name", "Guest", "--company", "Vendor")
        secrets["invitation token"] = link.strip().rsplit("/", 1)[1]
        assert "/#/" in link, "what follows a # is never sent to any server"
        secrets["enrolment token"] = (await broker.run("hosts", "token", "--site", "Site A")).strip()
        anna, host = await broker.technician("t-anna"), await broker.host()
        await broker.publish()
        async with meeting(broker, anna, host) as visit:
            await relay_a_picture(visit)
            assert holds(broker.process.pid, broker.id.encode()), "its memory is read"
            assert not holds(broker.process.pid, PICTURE)
            secrets["cookie"], secrets["totp secret"], secrets["code"] = visit.cookie, anna.totp_secret, anna.totp()
            answers = await refusals(broker, secrets | {"code": "9" * 6}, os.urandom(32))
            await visit.end()
            await visit.console_wire.closed()
            number = await open_ticket(visit.host_control)
            admitted = await claim(visit.console_control, number)
            assert not isinstance(admitted, Reason)
            secrets["socket pass"] = base64url(admitted.socket_pass)
            async with await join(broker, admitted.session_id, admitted.socket_pass, cookie=visit.cookie, origin=ORIGIN):
                confirmed = await broker.post("/api/factor", signin.FactorConfirm(secrets["code"]), cookie=visit.cookie)
                assert confirmed.status_code == 200
        places = {**left_behind(broker), "answers": answers}
        found = [
            (name, place)
            for name, secret in secrets.items()
            for place, held in places.items()
            for each in spellings(secret)
            if each in held
        ]
        assert found == []
        assert not re.search(rb"\b" + FIRST_HALF.encode() + rb"\b", places["standard error"] + places["log entries"])
        assert findings(broker) == []


def test_the_search_finds_each_spelling() -> None:
    token = base64url(b"t" * 32)
    assert spellings(token) == {token.encode(), b"t" * 32, b"74" * 32}
    assert b"plain words" in spellings("plain words")
