"""From the desktop to screen messages: capture, comparison, pieces, frames. No key, no network, no windows.

capture_x11.py   grabs the X screen and is woken when something was drawn
change.py        which rectangles differ between two frames
moves.py         what of a changed region only moved
held.py          what the console holds, and which of it exactly
encode.py        one rectangle in the codec that suits it (png.py, palette.py)
credit.py        what the line bears, learned from acknowledgements
pipeline.py      frames out of all that: what is sent when
loop.py          the thread that drives them
"""
