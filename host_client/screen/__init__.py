"""From the desktop to screen messages: capture, comparison, pieces, frames. No key, no network, no windows.

capture_x11.py   grabs the X screen and is woken when something was drawn
change.py        which rectangles differ between two frames
png.py           one rectangle as a PNG, quickly
pipeline.py      frames, credit, layout: what is sent when
loop.py          the thread that drives them
"""
