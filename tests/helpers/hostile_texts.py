"""What somebody might write where a name, a case or words are wanted, to reach past the page that shows it."""

MARKUP = (
    "<script>alert(1)</script>",
    "</bdi></dd><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<style>*{display:none}</style>",
    "</style><script>alert(1)</script>",
    "<meta http-equiv=refresh content=0;url=//x.example>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<base href=//x.example>",
    "<form action=//x.example><button>Allow</button></form>",
    "{{constructor.constructor('alert(1)')()}}",
    "<!--<script>",
    "]]><x>",
    "&lt;script&gt;",
    "<title>",
    "<textarea>",
    "<plaintext>",
)
UNSEEN = ("a\r\nb", "a\x1b[2Jb", "a\0b", "a\u2028b", "a\u202eb", "a\u200fb", "a\x7fb", "a\ufeffb", "a\u2066b", "a\tb")
"""Line breaks, escapes, marks of direction."""
LETTERS = ("שלום", "العربية", "検査", "Ω≈ç", "😀", "é", "a\u0301")
HOSTILE = (*MARKUP, *UNSEEN)
