"""Why a technician asks, from a closed list: the part of a reason that may stand in clear text."""

from enum import StrEnum


class Purpose(StrEnum):
    """Catalogue reason of a visit; `purpose-<value>` in the catalogues. Free words travel only inside the seals."""

    FAULT = "fault"
    RESULTS = "results"
    MAINTENANCE = "maintenance"
    UPDATE = "update"
    TRAINING = "training"
    OTHER = "other"
