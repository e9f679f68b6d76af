"""What two documents say together: the narrowest of each, and of two that race, both."""

from dataclasses import replace

import pytest

from policy.language import Document, FilesAsk, Merged, Party, documents_of, nothing_said, stricter, terms_in_force
from policy.permissions import Permission
from tests.policy.policies import ALL, document

VENDOR = document(
    "[visits]\nlimit_minutes = 120\nidle_minutes = 5\nfiles_ask = 'session'\nprompt_seconds = { view = 200, control = 20 }\n", Party.VENDOR
)
SITE = document("[visits]\nlimit_minutes = 90\nidle_minutes = 50\nprompt_seconds = { view = 100 }\n[sign_in]\npasswords = 'classic'\n")


def test_of_two_documents_the_narrower_of_each_counts() -> None:
    terms = terms_in_force(VENDOR, SITE)
    assert (terms.limit_minutes, terms.idle_minutes, terms.files_ask) == (90, 5, FilesAsk.EACH)
    assert terms.classic_passwords
    assert terms.prompt_seconds[Permission.VIEW] == 100
    assert terms.prompt_seconds[Permission.CONTROL] == 20
    assert set(terms.prompt_seconds) == set(Permission)


def test_a_silent_site_has_said_the_default_so_that_the_vendor_alone_loosens_nothing() -> None:
    terms = terms_in_force(VENDOR, nothing_said(Party.SITE))
    assert (terms.limit_minutes, terms.idle_minutes, terms.files_ask) == (60, 5, FilesAsk.EACH)
    assert not terms.classic_passwords
    assert terms.prompt_seconds[Permission.VIEW] == 60


def test_all_files_at_once_need_both() -> None:
    session = document("visits.files_ask = 'session'\n")
    assert terms_in_force(VENDOR, session).files_ask is FilesAsk.SESSION


def test_of_two_documents_that_race_both_have_to_agree() -> None:
    one, other = document(ALL), document("visits.limit_minutes = 5\n")
    merged = stricter(one, other)
    assert documents_of(merged) == (one, other)
    assert stricter(merged, one) == merged
    assert terms_in_force(VENDOR, merged).limit_minutes == 5


def test_the_same_document_twice_is_one() -> None:
    assert stricter(SITE, SITE) == SITE
    assert documents_of(SITE) == (SITE,)
    assert documents_of(Merged((SITE,))) == (SITE,)


@pytest.mark.parametrize("other", [VENDOR, replace(SITE, version=2)], ids=["party", "version"])
def test_only_documents_of_one_party_and_version_race(other: Document) -> None:
    with pytest.raises(ValueError, match="race"):
        stricter(SITE, other)
