"""May this happen? The room that decides and never performs.

Glossary
    technician   the vendor's support agent, at the console
    host         the instrument PC and the program on it
    ticket       the six digits of the support code
    grant        one permission that the person at the host allowed, for this visit
    Reason       why something was refused; every refusal has one
    EndCause     why a visit ended

Nothing here imports anything of ours, reads a clock or draws a random number: `now` arrives as an argument.
"""
