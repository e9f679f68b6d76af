"""A Python that has imported our programs already, and becomes one of them whenever it is asked (`warm_programs.py` asks).

    python -m tests.helpers.warm_server SOCKET MODULE...

What a test gets is a process like any other: its own memory, arguments, environment, folder and descriptors, and the end of an
interpreter as always. Only the second of importing is not spent again. It is made by two forks: one that waits for the other and
tells how it ended, because only a parent learns that.

A request on the Unix socket SOCKET (its descriptor) is one line of JSON and four descriptors: where news of the process go, and its
standard input, output and error. The news are two lines: its id, and its status as `waitpid` gives it.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys

REQUEST_MAX = 256 * 1024
DESCRIPTORS = 4


def next_program(asking: socket.socket) -> list[str] | None:
    """Answer requests. Returns in a new process of its own, to run these words; None where nobody can ask any more."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(asking, REQUEST_MAX, DESCRIPTORS)
        if not request:
            return None
        if os.fork() == 0:
            asking.close()
            return become(request, descriptors)
        for each in descriptors:
            os.close(each)


def become(request: bytes, descriptors: list[int]) -> list[str]:
    """Fork once more: the parent tells of the child and ends here, the child returns."""
    news, *standard = descriptors
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child:
        for each in (*standard, 0, 1, 2):
            os.close(each)
        try:
            os.write(news, f"{child}\n".encode())
            os.write(news, f"{os.waitpid(child, 0)[1]}\n".encode())
        finally:
            os._exit(0)  # what the interpreter does at its end is for the child alone
    os.close(news)
    for number, each in enumerate(standard):
        os.dup2(each, number)
        os.close(each)
    said = json.loads(request)
    os.environ.clear()
    os.environ.update(said["environment"])
    os.chdir(said["folder"])
    words: list[str] = said["words"]
    return words


def main() -> None:
    """Import, and serve until the socket is closed."""
    asking = socket.socket(fileno=int(sys.argv[1]))
    for name in sys.argv[2:]:
        importlib.import_module(name)
    # Whoever waits for the programs is no longer needed once it said so: it leaves nothing to be collected.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    words = next_program(asking)
    if words is None:
        return
    module, sys.argv[1:] = words[0], words[1:]
    if not hasattr(sys.modules.get(module), "__path__"):
        sys.modules.pop(module, None)  # it runs as `__main__`, and only what it imports is there already
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
