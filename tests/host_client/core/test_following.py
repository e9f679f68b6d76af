"""The site's file takes effect: narrowing at once, widening once it is recorded, and nothing older or unreadable opens anything."""

from audit.events import host as log
from host_client.core.commands import Note, Record, StartTimer, Talk
from host_client.core.events import SiteRulesRead, Timer
from host_client.core.following import follow
from host_client.core.site_rules import SiteFile, rules_of
from policy.decision import Reason
from policy.instant import Instant
from tests.helpers.host_core import Stage
from tests.helpers.host_visit import online
from tests.helpers.site_rules import ALL, BROKEN, LOOK, NOTHING, site


def followed(stage: Stage, read: SiteFile | None, *, recorded: bool = True) -> list[object]:
    """What was done, and `look` where everybody who is here is judged anew."""
    done: list[object] = []

    def recheck(_now: Instant) -> Talk:
        done.append(("look", stage.trusted.site))
        yield from ()

    talk, reply = follow(stage.trusted, read, recheck, stage.now), None
    while True:
        try:
            command = talk.send(reply)
        except StopIteration:
            return done
        done.append(command)
        reply = recorded if isinstance(command, Record) else None


def test_until_it_is_recorded_both_the_old_and_the_new_must_allow() -> None:
    stage = Stage()
    followed(stage, site(NOTHING, 1))
    old, read = stage.trusted.site, site(ALL, 2)
    new = rules_of(read)
    first, entry, second = followed(stage, read)
    assert first == ("look", old.with_also(new))
    assert isinstance(entry, Record)
    assert [type(each) for each in entry.events] == [log.SitePolicyAccepted]
    assert second == ("look", new)
    assert stage.trusted.site == new


def test_what_cannot_be_recorded_opens_nothing() -> None:
    stage = Stage()
    followed(stage, site(NOTHING, 1))
    old, read = stage.trusted.site, site(ALL, 2)
    new = rules_of(read)
    assert len(followed(stage, read, recorded=False)) == 2
    assert stage.trusted.site == old.with_also(new)


def test_an_older_file_is_refused_and_changes_nothing() -> None:
    stage = Stage()
    followed(stage, site(LOOK, 3))
    before = stage.trusted.site
    (refusal,) = followed(stage, site(ALL, 2))
    assert refusal == Note(log.Refusal(session_id="", about="site_policy", reason=Reason.DOCUMENT_STALE))
    assert stage.trusted.site == before


def test_a_file_that_cannot_be_read_closes_everything_and_says_so() -> None:
    stage = Stage()
    look, note = followed(stage, BROKEN)
    assert look == ("look", rules_of(BROKEN))
    assert isinstance(note, Note)
    assert isinstance(note.event, log.SitePolicyBroken)
    assert stage.trusted.site.broken


def test_no_file_where_there_never_was_one_is_nothing_to_tell() -> None:
    stage = Stage()
    assert followed(stage, None) == [("look", rules_of(None))]


def test_longer_visits_that_the_site_allows_meanwhile_are_longer_once_that_is_recorded() -> None:
    stage = online()
    stage.give(SiteRulesRead(site(f"[visits]\nlimit_minutes = 5\n{ALL}", 1)))
    stage.viewing()
    stage.give(SiteRulesRead(site(f"[visits]\nlimit_minutes = 10\n{ALL}", 2)))
    told = [each for each in stage.did if isinstance(each, Record) or (isinstance(each, StartTimer) and each.timer is Timer.HARD_LIMIT)]
    short, recorded, long = [each if isinstance(each, Record) else each.seconds for each in told]
    assert isinstance(recorded, Record)
    assert (short, long) == (298.5, 598.5)
