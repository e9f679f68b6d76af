"""From the desktop to screen messages: capture, comparison, pieces, frames. No key, no network, no windows.

capture_x11.py   grabs the X screen and is woken when something was drawn
change.py        which rectangles differ between two frames
moves.py         what of a changed region only moved
held.py          what the console holds, and which of it exactly
encode.py        one rectangle in the codec that suits it (png.py, palette.py)
credit.py        what the line bears, learned from acknowledgements
pipeline.py      frames out of all that: what is sent when
loop.py          the thread that drives them
pointer.py       shape and place of the pointer: what is told when; cursor_x11.py asks X, pointer_loop.py is its thread
monitors_x11.py  which part of the picture each monitor shows; dividing.py tells it with the pictures
masks.py         what is hidden and what is painted there; windows_x11.py finds the windows, masked.py puts it on a screen
session_state.py whether anybody may see the screen now; _x11, _logind ask
"""
