"""One HTTPS request to the broker, by the way that the WebSockets take too: direct, or through the environment's proxy.

HTTP proxy     CONNECT, with Basic credentials if the address of the proxy has some
SOCKS proxy    version 4 or 5; with `socks5h` and `socks4a` the proxy looks the name up
TLS            always with the broker itself, whatever lies between
"""

import http.client
import socket
import ssl
from base64 import b64encode

from python_socks import ProxyError, ProxyType
from python_socks.sync import Proxy as Socks
from websockets.exceptions import InvalidProxy
from websockets.proxy import Proxy, get_proxy, parse_proxy
from websockets.uri import WebSocketURI, parse_uri

from host_client.carriers.relay import AGENT, BrokerUnreachable
from wire.limits import CONTROL_FRAME_MAX

SECONDS = 20.0
_SOCKS = {"socks5h": ProxyType.SOCKS5, "socks5": ProxyType.SOCKS5, "socks4a": ProxyType.SOCKS4, "socks4": ProxyType.SOCKS4}
_NAMED_THERE = {"socks5h", "socks4a"}


def post(broker_url: str, path: str, body: bytes, context: ssl.SSLContext) -> tuple[int, bytes]:
    """POST a JSON body; status and the beginning of the answer. Raises BrokerUnreachable."""
    target = parse_uri(f"wss{broker_url.removeprefix('https')}")
    try:
        connection = _connection(target, context)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json", "User-Agent": AGENT})
            response = connection.getresponse()
            return response.status, response.read(CONTROL_FRAME_MAX)
        finally:
            connection.close()
    except ssl.SSLCertVerificationError as fault:
        raise BrokerUnreachable(f"certificate refused: {fault.verify_message}", certificate=True) from None
    except (OSError, http.client.HTTPException, ProxyError, InvalidProxy) as fault:
        raise BrokerUnreachable(f"{type(fault).__name__}: {fault}", certificate=False) from None


def _connection(target: WebSocketURI, context: ssl.SSLContext) -> http.client.HTTPSConnection:
    named = get_proxy(target)
    if named is None:
        return http.client.HTTPSConnection(target.host, target.port, timeout=SECONDS, context=context)
    proxy = parse_proxy(named)
    if proxy.scheme in _SOCKS:
        connection = http.client.HTTPSConnection(target.host, target.port, timeout=SECONDS, context=context)
        connection.sock = context.wrap_socket(_through_socks(proxy, target), server_hostname=target.host)
        return connection
    if proxy.scheme == "https":
        raise InvalidProxy(named, "a proxy that is itself reached by TLS cannot be used to enrol")
    connection = http.client.HTTPSConnection(proxy.host, proxy.port, timeout=SECONDS, context=context)
    connection.set_tunnel(target.host, target.port, _credentials(proxy))
    return connection


def _through_socks(proxy: Proxy, target: WebSocketURI) -> socket.socket:
    named_there = proxy.scheme in _NAMED_THERE
    way = Socks(_SOCKS[proxy.scheme], proxy.host, proxy.port, proxy.username, proxy.password, named_there)
    return way.connect(target.host, target.port, timeout=SECONDS)


def _credentials(proxy: Proxy) -> dict[str, str]:
    if proxy.user_info is None:
        return {}
    said = ":".join(proxy.user_info).encode()
    return {"Proxy-Authorization": f"Basic {b64encode(said).decode('ascii')}"}
