"""`python -m broker` is `chaperone-broker`."""

from broker.cli import main

main()
