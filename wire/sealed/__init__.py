"""What only the two ends can read: key agreement, key schedule, record layer, inner messages. Closed to the broker.

`cryptography` and `cpace` are used here; entropy and time arrive as arguments.
"""
