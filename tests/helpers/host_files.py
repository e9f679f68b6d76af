"""The state folder of a PC that was enrolled at a broker that nobody runs."""

from pathlib import Path

from host_client.config import Enrolment, HostFiles, write_enrolment
from runtime.private_files import private_folder
from trust.keys import load_or_make_key

HOST_ID = "h-1"


def enrolled_files(folder: Path, vendor_root: bytes) -> HostFiles:
    """Key and enrolment, and nothing else yet."""
    made = HostFiles(private_folder(folder))
    private_folder(made.key.parent)
    load_or_make_key(made.key)
    told = (HOST_ID, "PC 1", "AX", "Site A", False, "b-1", bytes(32), "Local Admin", "1")
    write_enrolment(made.enrolment, Enrolment("https://localhost:1", vendor_root, "", *told))
    return made
