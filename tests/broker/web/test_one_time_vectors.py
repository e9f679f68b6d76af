"""The published vectors of RFC 4226 (appendix D) and RFC 6238 (appendix B), against the very function that decides at sign-in."""

from base64 import b32encode

import pytest

from broker.web.secrets_check import STEP_SECONDS, step_of

SECRET = b32encode(b"12345678901234567890").decode()
HOTP = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
TOTP = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""Time and the code of eight digits for SHA-1; ours are its last six (RFC 4226, section 5.3)."""


@pytest.mark.parametrize(("counter", "code"), list(enumerate(HOTP)))
def test_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert step_of(SECRET, code, None, (counter + 1) * STEP_SECONDS) == counter, "one step of drift, so that counter 0 has a time too"


@pytest.mark.parametrize(("moment", "code"), list(TOTP.items()))
def test_rfc_6238_appendix_b(moment: int, code: str) -> None:
    step = moment // STEP_SECONDS
    assert step_of(SECRET, code[-6:], None, moment) == step
    assert step_of(SECRET, code[-6:], step - 1, moment) == step
    assert step_of(SECRET, code[-6:], step, moment) is None, "accepted once"
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert step_of(SECRET, wrong, None, moment) is None
