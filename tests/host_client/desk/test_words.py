"""Which language the windows speak."""

import pytest

from host_client.desk.words import language_of_system
from runtime.catalogues import catalogue


@pytest.mark.parametrize(
    ("wanted", "locale", "spoken"),
    [("fr", "en_GB.UTF-8", "fr"), (None, "fr_CA.UTF-8", "fr"), (None, "C.UTF-8", "en"), (None, "", "en"), ("de", "fr_FR", "en")],
)
def test_the_person_reads_what_was_asked_for_or_what_the_system_speaks(
    wanted: str | None, locale: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert catalogue(language_of_system(wanted)).language == spoken
