"""How lines fall into two columns, and what is said of a file on its way."""

import pytest

from host_client.desk.facts import parted, progress_line
from host_client.link_files import FileShown
from policy.permissions import Permission
from runtime.catalogues import catalogue


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


def test_a_file_says_how_far_it_is_and_one_whose_line_is_cut_that_it_waits() -> None:
    words, moving = catalogue("en"), FileShown(2, Permission.FILE_TO_HOST, "a.bin", 25, 100, 1_500_000, 61, waits=False)
    assert progress_line(words, moving) == ("Receiving: a.bin", "25 % · 1.5 MB/s · 1:01 left", 25)
    waits = FileShown(2, Permission.FILE_TO_HOST, "a.bin", 25, 100, 0, 0, waits=True)
    assert progress_line(words, waits) == ("Receiving: a.bin", "Waiting for the line. It goes on by itself when the line is back.", 25)
