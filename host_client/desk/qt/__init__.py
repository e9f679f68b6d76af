"""The windows, one file each: the main window's pages, the prompt, the banner with its frame.

They show what the guardian says and report what the person does. No window decides anything about a visit.
"""
