"""`make trust`: how a person's own browser comes to trust the demo's authority, done here where it can be.

Nothing is changed without being asked for. The authority may vouch for this machine only (`certificates.py`).
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NICKNAME = "Chaperone demo authority of this machine"


@dataclass(frozen=True, slots=True)
class NssStore:
    """The certificate store that Chromium and Chrome read on Linux, kept with Mozilla's `certutil`."""

    folder: Path
    certutil: str

    def add(self, authority: Path) -> None:
        """Trust the authority for servers, in place of an older one of the same name. Raises CalledProcessError."""
        if not (self.folder / "cert9.db").exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._certutil("-N", "--empty-password")
        self.remove()
        self._certutil("-A", "-t", "C,,", "-n", NICKNAME, "-i", str(authority))

    def remove(self) -> None:
        """Forget every authority of this name; there may be none."""
        while self.holds():
            self._certutil("-D", "-n", NICKNAME)

    def holds(self) -> bool:
        """Whether an authority of this name is trusted."""
        asked = subprocess.run([self.certutil, "-d", f"sql:{self.folder}", "-L", "-n", NICKNAME], check=False, capture_output=True)
        return asked.returncode == 0

    def _certutil(self, *words: str) -> None:
        subprocess.run([self.certutil, "-d", f"sql:{self.folder}", *words], check=True, capture_output=True)


def nss_store(home: Path | None = None) -> NssStore | None:
    """This account's store, or None where `certutil` is not installed."""
    certutil = shutil.which("certutil")
    folder = (home or Path.home()) / ".pki" / "nssdb"
    return None if certutil is None else NssStore(folder, certutil)


def explanation(authority: Path, fingerprint: str) -> str:
    """What to do in each browser, in words."""
    return "\n".join(
        (
            "The demo's servers show certificates of an authority that was made on this machine and may vouch for localhost only.",
            "",
            f"  file         {authority}",
            f"  SHA-256      {fingerprint}",
            "",
            "Chromium, Chrome   Settings, Privacy and security, Security, Manage certificates, Authorities: import the file,",
            "                   tick 'Trust this certificate for identifying websites'",
            "Firefox            Settings, Privacy & Security, View Certificates, Authorities: import the file, tick 'websites'",
            "whole machine      sudo cp '" + str(authority) + "' /usr/local/share/ca-certificates/chaperone-demo.crt",
            "                   sudo update-ca-certificates",
            "",
            "Compare the SHA-256 with what the browser shows before you accept.",
        )
    )


def trust(authority: Path, fingerprint: str, ask: Callable[[str], bool], say: Callable[[str], None], home: Path | None = None) -> None:
    """Explain, then do it for Chromium in this account if `ask` says yes. Raises CalledProcessError if the store cannot be written."""
    say(explanation(authority, fingerprint))
    store = nss_store(home)
    if store is None:
        say("\nTo have it done for Chromium here: sudo apt-get install libnss3-tools, then make trust again.")
        return
    if not ask(f"\nAdd it to Chromium's store of the account {os.environ.get('USER', 'you')} ({store.folder}) now?"):
        say("Nothing was changed.")
        return
    store.add(authority)
    say(f"Done. To take it back: certutil -d sql:{store.folder} -D -n '{NICKNAME}'")
