"""The process that the person sees: windows, capture, injection. It holds no key and knows no network.

Glossary
    witness    knows for each press whether it came from a device or from an injector (devices_x11.py)
    gate       drops all remote input while a prompt is up (input_thread.py)
    beat       the sign of life of the thread that draws the windows
"""
