"""Where the demo keeps its things, and what it tells its servers."""

import socket
import tomllib
from pathlib import Path

import pytest

from broker.config import read_config as read_broker_config
from runtime.certificates import prepare_certificates
from runtime.demo_layout import Layout, NoPort, Ports, choose_ports, is_free, write_configs
from tech_console.config import read_config as read_console_config
from tests.helpers.documents import SiteSigners, VendorSigners


def test_every_folder_is_closed_to_others(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.make()
    folders = [layout.root, *(path for path in layout.root.iterdir())]
    assert len(folders) == 7
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_a_first_run_goes_round_ports_that_are_taken(tmp_path: Path) -> None:
    first = choose_ports(Layout(tmp_path))
    assert first.broker != first.console
    (tmp_path / "ports").unlink()
    with socket.create_server(("127.0.0.1", first.broker)):
        assert first.broker not in {choose_ports(Layout(tmp_path)).broker, choose_ports(Layout(tmp_path)).console}


def test_a_second_run_keeps_its_ports_or_says_that_they_are_taken(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    first = choose_ports(layout)
    assert choose_ports(layout) == first
    with socket.create_server(("127.0.0.1", first.console)):
        assert not is_free(first.console)
        with pytest.raises(NoPort, match=f"Port {first.console} of this demo is taken"):
            choose_ports(layout)


def test_both_servers_read_what_was_written_for_them(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.make()
    vendor, site = VendorSigners("Meridian").root, SiteSigners("Demo laboratory").root
    for path, root in ((layout.vendor_root, vendor), (layout.site_root, site)):
        path.parent.mkdir(parents=True)
        path.write_bytes(root)
    ports = Ports(18443, 18444)
    certificates = prepare_certificates(layout.tls)
    write_configs(layout, ports, certificates, "Demo laboratory")
    broker = read_broker_config(layout.config("broker"), {})
    console = read_console_config(layout.config("console"), {}, {})
    assert (broker.listen_port, broker.console_origin) == (18443, ports.console_origin)
    assert broker.vendor_root.read_bytes() == vendor
    assert {site: path.read_bytes() for site, path in broker.site_roots.items()} == {"Demo laboratory": site}
    assert (console.port, console.broker_origin) == (18444, ports.broker_origin)
    assert broker.certificate_key != console.key
    assert tomllib.loads(layout.config("broker").read_text())["state"] == str(layout.broker)
