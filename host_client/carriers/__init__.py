"""How frames reach the broker: outbound WebSockets over TLS to one name. Nothing here knows what a frame says."""
