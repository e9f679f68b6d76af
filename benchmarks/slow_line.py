"""A slow line in front of a TCP port: `python -m benchmarks.slow_line --to PORT --bits 1000000`. Prints its own port.

So many bits a second in each direction, and little memory of its own: what does not fit waits with whoever sends. A process by
itself, so that nothing which is measured shares its pace.
"""

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated

import typer

PIECE = 1448
"""What a packet of a real line carries."""
KERNEL_BYTES = 8 * 1024


class Pace:
    """When the next piece may go on. Pure; seconds on a steady clock."""

    def __init__(self, bits_per_second: float) -> None:
        self._bytes_per_second = bits_per_second / 8
        self._free = 0.0

    def wait(self, now: float, size: int) -> float:
        """How long this piece takes from now, after everything before it."""
        self._free = max(self._free, now) + size / self._bytes_per_second
        return self._free - now


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pace: Pace) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(PIECE):
            await asyncio.sleep(pace.wait(asyncio.get_running_loop().time(), len(data)))
            writer.write(data)
            await writer.drain()
    writer.close()


def _small_buffers(port: int) -> socket.socket:
    made = socket.create_server(("127.0.0.1", port))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BYTES)  # accepted connections inherit it
    return made


async def _serve(port: int, bits: float) -> None:
    up, down = Pace(bits), Pace(bits)  # all connections share the line

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far = socket.socket()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BYTES)
        far.setblocking(False)
        await asyncio.get_running_loop().sock_connect(far, ("127.0.0.1", port))
        far_reader, far_writer = await asyncio.open_connection(sock=far, limit=PIECE)
        await asyncio.gather(_pass(reader, far_writer, up), _pass(far_reader, writer, down))

    server = await asyncio.start_server(taken, sock=_small_buffers(0), limit=PIECE)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@asynccontextmanager
async def slow_line(port: int, bits: float | None) -> AsyncIterator[int]:
    """A line of so many bits a second to this port; the port itself where no rate is given."""
    if bits is None:
        yield port
        return
    command = (sys.executable, "-m", "benchmarks.slow_line", "--to", str(port), "--bits", str(bits))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    if process.stdout is None:
        raise RuntimeError("the line has no output")
    try:
        yield int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()


def main(
    to: Annotated[int, typer.Option(help="The port behind the line.")],
    bits: Annotated[float, typer.Option(help="Bits a second, each way.")],
) -> None:
    """Run the line until it is stopped."""
    asyncio.run(_serve(to, bits))


if __name__ == "__main__":
    typer.run(main)
