"""Set-up: what has to happen before a program of ours can start.

Here live the steps behind the verbs of the Makefile: system packages, the Python environment, Node, the locks and the order of the
tests. They run on a bare Python 3.11 before anything is installed, so nothing here may import a third-party package or another room.
"""
