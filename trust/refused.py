"""Why a document does not stand. The reasons are for whoever offered it; the texts are for this side's log."""

from policy.decision import Reason


class DocumentRefused(Exception):
    """This document does not stand. `reason` may be told to whoever offered it; the text is for this side's log."""

    reason = Reason.DOCUMENT_INVALID


class DocumentInvalid(DocumentRefused):
    """Not signed by who must sign it, not in its form, not complete, or another one of the same version."""


class DocumentStale(DocumentRefused):
    """Expired, or older than one that was seen before."""

    reason = Reason.DOCUMENT_STALE
