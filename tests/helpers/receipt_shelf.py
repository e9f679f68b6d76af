"""The receipts of a host's core, as its shell keeps them, played by the test."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

from host_client.core.commands import Command, FinishReceipt, KeepCountersigned, MakeReceipt, NextReceipt, SealReceipt
from host_client.core.receipts import Waiting
from trust.signatures import Ed25519Signer
from wire.messages.evidence import ReceiptPayload
from wire.statements import Label, Statement


@dataclass
class ReceiptShelf:
    """Receipts as the shell keeps them: the next one, and what was done with it."""

    signer: Ed25519Signer
    made: list[MakeReceipt] = field(default_factory=list)
    waiting: dict[str, Waiting] = field(default_factory=dict)
    countersigned: dict[str, Statement] = field(default_factory=dict)
    sealed: bytes | None = b"sealed"
    full: bool = False
    """Nothing can be kept in the folder of the receipts."""

    def answer(self, command: Command, *, disk: bool) -> object:
        """What the shell answers."""
        match command:
            case MakeReceipt(session_id, parties) if disk:
                digest = sha256(session_id.encode()).digest()
                keys = (parties.host_id, parties.host_key, parties.broker_id, parties.broker_key)
                payload = ReceiptPayload(session_id, *keys, digest, 1)
                self.made.append(command)
                self.waiting[session_id] = Waiting(session_id, self.signer.sign(Label.RECEIPT_HOST, payload), countersigned=False)
                return True
            case NextReceipt(besides):
                return next((each for each in self.waiting.values() if each.session_id not in besides), None)
            case KeepCountersigned(session_id, statement) if disk:
                self.countersigned[session_id] = statement
                self.waiting[session_id] = replace(self.waiting[session_id], countersigned=True)
                return True
            case SealReceipt():
                return self.sealed
            case FinishReceipt(session_id):
                del self.waiting[session_id]
            case _:
                pass
        return False
