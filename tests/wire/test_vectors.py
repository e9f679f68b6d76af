"""The shared vectors, read from disk as the console's tests read them, met by the Python side."""

import json
from pathlib import Path
from typing import Any

import pytest

from policy.permissions import Direction, Lane
from tests.vector_sets.messages import shaped_classes
from trust.signatures import SignatureInvalid, verify
from wire.code import CodeMistyped, draw_halves, first_half_digest, read_code
from wire.commitments import commitment
from wire.errors import PeerMisbehaved
from wire.frames import FRAME_MAX, FrameKind, split_frame, split_record
from wire.gen_ts import key_of
from wire.messages.handshake import HostShare, HostTag
from wire.schema import MESSAGES, MalformedMessage, decode, encode, encode_part, read_part
from wire.sealed.agreement import ConsoleAgreement, HostAgreement, Visit
from wire.sealed.keys import epoch_key, lane_secret, next_secret
from wire.sealed.records import Channel, Opener
from wire.statements import Algorithm, Label, Statement

Case = dict[str, Any]
FOLDER = Path(__file__).parents[2] / "wire" / "vectors"
SHAPED = {key_of(cls): cls for cls in shaped_classes()}


def stored(name: str) -> Case:
    found: Case = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def read(case: Case, data: bytes) -> object:
    return decode(data, MESSAGES[case["name"]]) if case["message"] else read_part(SHAPED[case["name"]], data)


def test_good_messages_are_read_and_written_the_same() -> None:
    cases = stored("messages")["good"]
    assert {case["name"] for case in cases} == SHAPED.keys()
    for case in cases:
        value = read(case, case["text"].encode())
        assert (encode(value) if case["message"] else encode_part(value)).decode() == case["text"]


def test_bad_messages_are_refused_whatever_is_wrong_with_them() -> None:
    cases = stored("messages")["bad"]
    accepted = []
    for case in cases:
        data = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()
        try:
            read(case, data)
        except MalformedMessage:
            continue
        accepted.append((case["name"], case["why"]))
    assert len(cases) > 1000
    assert accepted == []


def test_frames_and_headers() -> None:
    frames = stored("frames")
    for case in frames["frames"]:
        try:
            frame = split_frame(bytes.fromhex(case["hex"]))
        except MalformedMessage:
            assert case["kind"] is None
        else:
            assert (frame.kind, frame.body.hex()) == (case["kind"], case["body"])
    assert {FrameKind(case["kind"]): case["bytes"] for case in frames["longest"]} == FRAME_MAX
    for case in frames["records"]:
        try:
            header, sealed = split_record(bytes.fromhex(case["hex"]))
        except MalformedMessage:
            assert case["header"] is None
        else:
            told = {"lane": header.lane, "grant": header.grant, "epoch": header.epoch, "sequence": str(header.sequence)}
            assert (told, sealed.hex()) == (case["header"], case["sealed"])


def test_codes_and_commitments() -> None:
    codes = stored("codes")
    for case in codes["read"]:
        code = read_code(case["typed"])
        assert (code.ticket, code.first, code.second, code.shown()) == (case["ticket"], case["first"], case["second"], case["shown"])
    for typed in codes["refused"]:
        with pytest.raises(CodeMistyped):
            read_code(typed)
    drawn, kept = codes["draw"], codes["digest"]
    assert draw_halves(bytes.fromhex(drawn["entropy"])) == (drawn["first"], drawn["second"])
    assert first_half_digest(bytes.fromhex(kept["salt"]), kept["half"]).hex() == kept["digest"]
    commitments = stored("commitments")
    for case in commitments["cases"]:
        assert commitment(bytes.fromhex(commitments["key"]), case["words"]).hex() == case["commitment"]


@pytest.mark.parametrize("which", ["right", "wrong"])
def test_a_run_of_the_key_agreement(which: str) -> None:
    vectors = stored("agreement")
    case, visit = vectors[which], Visit(**vectors["visit"])
    octets = {name: bytes.fromhex(case[name]) for name in ("host_nonce", "host_scalar", "console_nonce", "console_scalar", "host_share")}
    host = HostAgreement(visit, case["host_half"], case["run"], nonce=octets["host_nonce"], scalar=octets["host_scalar"])
    console = ConsoleAgreement(visit, case["console_half"], host.open(), nonce=octets["console_nonce"], scalar=octets["console_scalar"])
    assert console.share().share.hex() == case["console_share"]
    assert host.answer(console.share()).share == octets["host_share"]
    tag = console.tag(HostShare(1, octets["host_share"]))
    assert tag.tag.hex() == case["console_tag"]
    assert (host.confirm(tag) is not None) == case["confirmed"] == (which == "right")
    if case["confirmed"]:
        agreed = console.confirm(HostTag(1, bytes.fromhex(case["host_tag"])))
        assert (agreed.transcript.hex(), agreed.secret.hex()) == (case["transcript"], case["session_secret"])
        for lane in case["lanes"]:
            secret = lane_secret(agreed.secret, Lane(lane["lane"]), lane["grant"], Direction(lane["direction"]))
            assert (epoch_key(secret).hex(), epoch_key(next_secret(secret)).hex()) == (lane["key_0"], lane["key_1"])


@pytest.mark.parametrize("stream", stored("records")["streams"], ids=lambda stream: stream["name"])
def test_streams_of_records(stream: Case) -> None:
    vectors = stored("records")
    channel = Channel(vectors["session_id"], Lane(stream["lane"]), stream["grant"], Direction(stream["direction"]))
    opener = Opener(bytes.fromhex(vectors["session_secret"]), channel)
    for record in stream["records"]:
        header, sealed = split_record(bytes.fromhex(record["body"]))
        if record["plain"] is None:
            with pytest.raises(PeerMisbehaved):
                opener.open(header, sealed)
        else:
            assert opener.open(header, sealed).hex() == record["plain"]


@pytest.mark.parametrize("case", stored("statements")["cases"], ids=lambda case: case["name"])
def test_statements(case: Case) -> None:
    statement = decode(case["statement"].encode(), Statement)
    label, key, alg = Label(case["label"]), bytes.fromhex(case["key"]), Algorithm(case["alg"])
    if case["payload"] is None:
        with pytest.raises(SignatureInvalid):
            verify(statement, label, key, alg)
    else:
        assert verify(statement, label, key, alg).decode() == case["payload"]
