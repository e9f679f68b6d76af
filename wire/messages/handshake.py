"""Key agreement from the ends' half of the code (docs/protocol.md, section 3); the broker forwards these unread.

host -> console   agreement_open{run, host nonce, options}
console -> host   console_share{nonce, Ya, chosen option}
host -> console   host_share{Yb}                 from here the host counts the run as failed until it is confirmed
console -> host   console_tag{tag}
host -> console   host_tag{tag}                  only after the console's tag verified
               or agreement_failed{runs left}    and then agreement_open for the next run, or the end

After a line was cut and both ends are back (section 4), in the place of all that:
host -> console   renewal_open{number, host nonce, share}
console -> host   renewal_share{number, nonce, share, tag}
host -> console   renewal_tag{tag}
"""

from typing import Annotated

from wire.schema import U32, Count, Hash, Key32, Nonce, Number, Octets, Text, message

Suite = Annotated[str, Text(64, 1)]
SUITE_V1 = "CPACE-X25519-SHA512+HKDF-SHA256+AES-256-GCM"
Tag = Annotated[bytes, Octets(64, 64)]


@message("agreement_open")
class AgreementOpen:
    """The host begins a run. `offered` is bound into the associated data, so striking one out breaks the tags."""

    run: Annotated[int, Number(1, 10)]
    host_nonce: Nonce
    offered: Annotated[tuple[Suite, ...], Count(8)]


@message("console_share")
class ConsoleShare:
    """The console's nonce and public share. `chosen` must be one of those offered."""

    run: Annotated[int, Number(1, 10)]
    console_nonce: Nonce
    chosen: Suite
    share: Key32


@message("host_share")
class HostShare:
    """The host's public share."""

    run: Annotated[int, Number(1, 10)]
    share: Key32


@message("console_tag")
class ConsoleTag:
    """Key confirmation, technician first."""

    run: Annotated[int, Number(1, 10)]
    tag: Tag


@message("host_tag")
class HostTag:
    """Key confirmation by the host, sent only after it verified the console's."""

    run: Annotated[int, Number(1, 10)]
    tag: Tag


@message("agreement_failed")
class AgreementFailed:
    """This run failed; the typed half was wrong, or somebody sits between the ends. At 0 the code is burnt."""

    run: Annotated[int, Number(1, 10)]
    runs_left: Annotated[int, Number(0, 10)]


@message("renewal_open")
class RenewalOpen:
    """The host opens the renewal of this visit's keys. `number` counts up from 1 with each try."""

    number: U32
    host_nonce: Nonce
    share: Key32


@message("renewal_share")
class RenewalShare:
    """The console's share, and the tag that proves that it holds what the last agreement left."""

    number: U32
    console_nonce: Nonce
    share: Key32
    tag: Hash


@message("renewal_tag")
class RenewalTag:
    """The host's tag, sent only after it verified the console's."""

    number: U32
    tag: Hash
