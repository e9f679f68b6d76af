"""Starts and configures. May import policy, wire and audit; programs are started through their own commands.

Glossary
    supervisor   starts the processes of `make run`, watches them, and stops them newest first
    demo         one broker, one site, one host and one technician on this machine, kept in ./var
    catalogue    every text a person reads, one file per language (`locale/`)
"""
