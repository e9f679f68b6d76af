"""A verifier in one file, for a machine that has nothing but Python and `cryptography`. It imports nothing of this project."""
