"""How lines fall into two columns."""

import pytest

from host_client.desk.facts import parted


@pytest.mark.parametrize(
    ("line", "about", "said"),
    [
        ("Who: Dana Ortiz: chief", "Who:", "Dana Ortiz: chief"),
        ("Pourquoi : panne, dossier 7", "Pourquoi :", "panne, dossier 7"),
        ("You can end the visit at any moment.", "", "You can end the visit at any moment."),
        ("At 12:30 nobody was there", "", "At 12:30 nobody was there"),
        ("A sentence that is longer than any name of a fact: yes", "", "A sentence that is longer than any name of a fact: yes"),
    ],
)
def test_a_fact_has_a_name_and_a_sentence_has_none(line: str, about: str, said: str) -> None:
    assert parted(line) == (about, said)
