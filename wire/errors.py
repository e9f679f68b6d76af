"""The one fault that a peer can commit above the level of JSON. Local mistakes are ValueError and never this."""


class PeerMisbehaved(Exception):
    """The other end broke a rule that an honest end cannot break by accident; the visit ends (docs/protocol.md, section 4).

    `what` is for the log of this side. It quotes no content, and the peer is told nothing but the end cause.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
