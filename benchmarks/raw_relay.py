"""The yardstick of the relay benchmark: TLS in, TLS out, bytes copied by asyncio, and nothing decided.

python -m benchmarks.raw_relay CHAIN KEY     prints `ready PORT`; the first connection's bytes go to the second
"""

import asyncio
import ssl
import sys

CHUNK = 64 * 1024


class RawRelay:
    """Two connections; what the first sends, the second gets."""

    def __init__(self) -> None:
        self.second: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()
        self.first_taken = False
        self.over = asyncio.Event()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection."""
        if self.first_taken:
            self.second.set_result(writer)
            await self.over.wait()
            return
        self.first_taken = True
        out = await self.second
        while data := await reader.read(CHUNK):
            out.write(data)
            await out.drain()
        out.close()
        writer.close()
        self.over.set()


async def serve(chain: str, key: str) -> None:
    """Serve one pair of connections."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, key)
    relay = RawRelay()
    server = await asyncio.start_server(relay.connected, "127.0.0.1", 0, ssl=context, limit=CHUNK)
    sys.stdout.write(f"ready {server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await relay.over.wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2]))
