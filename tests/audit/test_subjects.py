"""What each event is filed under, and who finds it there."""

from audit.events import EVENTS, accounts, broker, evidence, files, host, people, trail, visit
from audit.events.shape import name_of
from audit.subjects import ADMINISTRATION, BROKER, about, account, company, kind, named, scope, session, site
from audit.subjects import host as host_subject
from policy.decision import Reason
from policy.permissions import Permission
from policy.purpose import Purpose
from policy.trail import Reach
from wire.messages.documents import Repository

SITES, COMPANIES = {"h-1": "Site A"}, {"t-anna": "Vendor", "t-berta": "Vendor"}
OF_VISITS_AND_MACHINES = {
    broker.HostConnected, broker.HostDisconnected, broker.TechnicianConnected, broker.TechnicianDisconnected, broker.TicketOpened,
    broker.TicketClosed, broker.TicketTried, broker.SessionOpened, broker.LaneOpened, broker.LaneClosed,
    broker.WatchOpened, broker.WatchClosed,
    broker.LeaseLapsed,
    broker.CallAsked, broker.CallDelivered, broker.CallDropped, evidence.HeadHeld, evidence.VisitClosed, evidence.ReceiptSigned,
    evidence.ReceiptKept, visit.AdmissionStep, visit.Asked, visit.Answered, visit.Withdrawn, visit.SessionEnded,
    visit.VisitParted, visit.VisitRejoined,
    visit.ChatOver, visit.DirectStarted, visit.DirectEnded,
}  # fmt: skip


def filed(happened: object) -> frozenset[str]:
    return about(happened).subjects(SITES, COMPANIES) - {kind(name_of(happened))}  # type: ignore[arg-type]


def test_every_event_of_the_broker_is_administration_or_of_visits_and_machines() -> None:
    ours = {each for each in EVENTS.values() if each.__module__ not in {host.__name__, files.__name__}}
    assert set(ADMINISTRATION) | OF_VISITS_AND_MACHINES == ours
    assert not ADMINISTRATION & OF_VISITS_AND_MACHINES
    assert {each for each in ours if each.__module__ in {accounts.__name__, people.__name__, trail.__name__}} <= ADMINISTRATION


def test_a_visit_is_filed_under_its_host_site_technician_and_session_and_under_no_company() -> None:
    opened = broker.SessionOpened(
        session_id="s-1", ticket="482913", technician_id="t-anna", host_id="h-1", purpose=Purpose.FAULT, case_reference="C"
    )
    assert filed(opened) == {session("s-1"), account("t-anna"), host_subject("h-1"), site("Site A")}
    lane = broker.LaneOpened(session_id="s-1", ask=1, permission=Permission.VIEW)
    assert filed(lane) == {session("s-1")}
    assert kind("lane_opened") in about(lane).subjects({}, {})
    watch = broker.WatchOpened(session_id="s-1", watcher_session="s-2", watcher_id="t-berta")
    assert filed(watch) == {session("s-1"), session("s-2"), account("t-berta")}


def test_an_administrative_act_is_filed_under_both_accounts_and_their_company() -> None:
    suspended = broker.AccountSuspended(technician_id="t-anna", by="t-berta")
    assert filed(suspended) == {account("t-anna"), account("t-berta"), company("Vendor")}
    by_root = broker.AccountSuspended(technician_id="t-clara", by="root")
    assert filed(by_root) == {account("t-clara")}, "whose company nobody knows"


def test_what_strangers_do_and_the_broker_itself_is_filed_under_the_broker() -> None:
    for each in (
        broker.BrokerStopped(broker_id="b-1"),
        broker.SignInRefused(name_given="t-anna", address="::1", reason=Reason.SIGN_IN_FAILED),
        visit.FrameRefused(subject="192.0.2.1", reason=Reason.MALFORMED, what="x"),
        evidence.HeadHeld(subject="b-1", log_id="l", size=1, root=bytes(32), signature=b"", session_id=""),
    ):
        assert filed(each) == {BROKER}
    token = broker.HostEnrolTokenMade(site="Site A", by="root")
    assert filed(token) == {BROKER, site("Site A")}


def test_a_strangers_claim_is_filed_under_whose_name_it_used_and_a_question_about_somebody_is_not() -> None:
    claimed = broker.HostConnectRefused(host_given="h-1", address="::1", reason=Reason.SIGNATURE_INVALID)
    assert filed(claimed) == {BROKER, host_subject("h-1"), site("Site A")}
    asked = accounts.AdministrationRefused(
        technician_id="t-anna", address="::1", what="account_show", account_given="t-foreign", reason=Reason.ACCOUNT_UNKNOWN
    )
    assert filed(asked) == {account("t-anna"), company("Vendor")}


def test_signed_documents_of_a_site_are_filed_under_it_and_those_of_the_vendor_under_none() -> None:
    said = {"version": 1, "digest": bytes(32), "address": "::1"}
    of_site = broker.DocumentsPublished(repository=Repository.SITE, site="Site A", **said)  # type: ignore[arg-type]
    assert filed(of_site) == {BROKER, site("Site A")}
    of_vendor = broker.DocumentsPublished(repository=Repository.VENDOR, site="", **said)  # type: ignore[arg-type]
    assert filed(of_vendor) == {BROKER}


def test_a_name_is_found_by_whose_it_is() -> None:
    assert filed(trail.Named(subject="t-anna", commitment=bytes(32))) == {account("t-anna"), company("Vendor"), named("t-anna")}
    assert filed(trail.Named(subject="h-1", commitment=bytes(32))) == {host_subject("h-1"), site("Site A"), BROKER, named("h-1")}


def test_a_scope_is_what_is_reached_and_nothing_else() -> None:
    assert scope(Reach("t-anna")) == {account("t-anna")}
    many = Reach("t-anna", frozenset({"h-1"}), frozenset({"Site A"}), frozenset({"t-berta"}), "Vendor", vendor=True)
    assert scope(many) == {account("t-anna"), account("t-berta"), host_subject("h-1"), site("Site A"), company("Vendor"), BROKER}
