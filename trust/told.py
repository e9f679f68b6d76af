"""What a program says of documents that it does not take: for some, what to do about it, in every language."""

from runtime.catalogues import LANGUAGES, catalogue
from trust.metadata import VENDOR_PATH
from trust.older import DocumentOlder


def told(fault: Exception) -> str:
    """Why, in words for the person who runs the program."""
    if isinstance(fault, DocumentOlder):
        return " / ".join(catalogue(each).text("documents-older", file=VENDOR_PATH) for each in LANGUAGES)
    return str(fault)
