"""The technician's console: static files from an origin of its own, and the program that serves them.

dist        what `make console` builds from src/: the page, its scripts, one style sheet, the screen's worker
origin      where the console lives; never the broker's, because the device key and the code field exist only here
"""
