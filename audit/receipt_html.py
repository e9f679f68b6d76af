"""The page of a receipt as one HTML file: no script, nothing fetched, every word of others escaped; for screens and for paper.

The policy in its head forbids whatever an injected word could try; only its own style, named by its hash, applies. Pure.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape

from audit.receipt_words import Fact, Line, Page, Party, Request, Tone

_SIGNS = {Tone.GOOD: "✓", Tone.BAD: "✕", Tone.ENDED: "\N{MINUS SIGN}", Tone.PLAIN: "·"}
STYLE = """
:root{color-scheme:light dark;--ground:#f6f7f8;--sheet:#fff;--ink:#1b2430;--soft:#566274;--rule:#dfe4ea;--quote:#f3f6f9;
--good:#17633d;--good-soft:#e6f3ec;--bad:#9c2321;--bad-soft:#fbeae9;--ended:#6b4d00;--ended-soft:#fbf3de}
@media (prefers-color-scheme:dark){:root{--ground:#11161d;--sheet:#1a212b;--ink:#e8edf3;--soft:#a5b1c1;--rule:#303a47;--quote:#212a36;
--good:#7fd6a6;--good-soft:#173427;--bad:#ff9f99;--bad-soft:#3b1f20;--ended:#ecc66c;--ended-soft:#372d15}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:52rem;margin:2rem auto;padding:2.5rem 3rem 2rem;background:var(--sheet);border:1px solid var(--rule);border-radius:12px}
h1{margin:0;font-size:1.75rem;line-height:1.25;letter-spacing:-.01em}
h2{margin:2.5rem 0 .9rem;font-size:1.1rem}
h3{margin:0;font-size:1rem}
p{margin:.4rem 0}
.lead{font-size:1.1rem;color:var(--soft);margin-bottom:1.5rem}
.verdict{padding:.85rem 1.1rem;border-radius:8px;border-left:4px solid}
.verdict ul{margin:.4rem 0 0;padding-left:1.2rem}
.good{color:var(--good)}.bad{color:var(--bad)}.ended{color:var(--ended)}
.verdict.good,.badge.good{background:var(--good-soft)}.verdict.bad,.badge.bad{background:var(--bad-soft)}.badge.ended{background:var(--ended-soft)}
dl{display:grid;grid-template-columns:minmax(9rem,13rem) 1fr;gap:.35rem 1.25rem;margin:0}
dt{color:var(--soft)}
dd{margin:0;min-width:0;overflow-wrap:anywhere}
.exact{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.86em}
.parties{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:1rem}
.party,.request{border:1px solid var(--rule);border-radius:10px;padding:1.1rem 1.25rem;break-inside:avoid}
.party .role{color:var(--soft);font-size:.85rem}
.party h3{overflow-wrap:anywhere;font-size:1.1rem;margin-bottom:.6rem}
.party dl{grid-template-columns:1fr;gap:0}
.party dt{font-size:.85rem;margin-top:.35rem}
.request{margin-bottom:1rem}
.request header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;margin-bottom:.8rem}
.badge{white-space:nowrap;padding:.15rem .7rem;border-radius:99px;font-size:.9rem;font-weight:600}
.number{color:var(--soft);font-weight:400;margin-right:.5rem}
figure{margin:1rem 0 0}
figcaption{color:var(--soft);font-size:.9rem;margin-bottom:.35rem}
blockquote{margin:0;padding:.9rem 1.1rem;background:var(--quote);border-radius:8px;overflow-wrap:anywhere}
blockquote p:first-child{font-weight:600}
.wide{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:.92rem}
th{text-align:left;color:var(--soft);font-weight:600}
th,td{padding:.4rem .9rem .4rem 0;vertical-align:top;border-bottom:1px solid var(--rule)}
td:first-child,td:nth-child(2){white-space:nowrap;color:var(--soft);font-variant-numeric:tabular-nums}
td:last-child{overflow-wrap:anywhere}
.sign{display:inline-block;width:1.2em}
footer{margin-top:2.5rem;padding-top:1rem;border-top:1px solid var(--rule);color:var(--soft);font-size:.88rem;overflow-wrap:anywhere}
@media (max-width:40rem){main{margin:0;border:0;border-radius:0;padding:1.5rem 1.1rem}
dl{grid-template-columns:1fr;gap:0}dt{margin-top:.5rem}}
@media print{
:root{color-scheme:light;--ground:#fff;--sheet:#fff;--ink:#000;--soft:#444;--rule:#bbb;--quote:#f4f4f4;--good:#17633d;--good-soft:#fff;
--bad:#9c2321;--bad-soft:#fff;--ended:#6b4d00;--ended-soft:#fff}
body{font-size:10pt}main{margin:0;padding:0;border:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}
.badge,.verdict{border:1px solid currentColor}@page{margin:18mm}}
"""
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; base-uri 'none'; form-action 'none'"
)


def html_of(page: Page) -> str:
    """The whole file, UTF-8."""
    head = (
        f'<!doctype html>\n<html lang="{escape(page.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n<meta name="referrer" content="no-referrer">\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<title>{escape(page.title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )
    return head + "\n".join(_body(page)) + "\n</main>\n</body>\n</html>\n"


def _body(page: Page) -> Iterator[str]:
    yield f'<h1>{escape(page.title)}</h1>\n<p class="lead">{_others(page.lead)}</p>'
    yield _verdict(page)
    yield _section(page, "visit", _facts(page.visit))
    yield _section(page, "parties", f'<div class="parties">{"".join(map(_party, page.parties))}</div>')
    asked = "".join(map(_request, page.requests)) or f"<p>{escape(page.nothing_asked)}</p>"
    yield _section(page, "requests", asked)
    yield _section(page, "files", _facts(page.files) if page.files else f"<p>{escape(page.headings['no-files'])}</p>")
    yield _section(page, "order", _table(page))
    yield _section(page, "proof", _facts(page.proof))
    yield f"<footer>{escape(page.foot)}</footer>"


def _others(text: str) -> str:
    """Words of others, in a frame of their own direction: a name in Hebrew turns nothing around it."""
    return f"<bdi>{escape(text)}</bdi>"


def _section(page: Page, name: str, content: str) -> str:
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{escape(page.headings[name])}</h2>\n{content}\n</section>'


def _verdict(page: Page) -> str:
    faults = f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in page.faults)}</ul>" if page.faults else ""
    return f'<div class="verdict {page.tone.value}" role="note">{_sign(page.tone)}{escape(page.verdict)}{faults}</div>'


def _sign(tone: Tone) -> str:
    return f'<span class="sign {tone.value}" aria-hidden="true">{_SIGNS[tone]}</span>'


def _facts(facts: Iterable[Fact]) -> str:
    return f"<dl>{''.join(map(_fact, facts))}</dl>"


def _fact(fact: Fact) -> str:
    opened = '<dd class="exact">' if fact.exact else "<dd>"
    return f"<dt>{escape(fact.label)}</dt>{opened}{_others(fact.value)}</dd>"


def _party(party: Party) -> str:
    return f'<div class="party"><div class="role">{escape(party.role)}</div><h3>{_others(party.name)}</h3>{_facts(party.facts)}</div>'


def _request(request: Request) -> str:
    badge = f'<span class="badge {request.tone.value}">{_sign(request.tone)}{escape(request.verdict)}</span>'
    head = f'<header><h3><span class="number">{request.number}</span>{escape(request.title)}</h3>{badge}</header>'
    return f'<article class="request">{head}{_facts(request.facts)}{_prompt(request)}</article>'


def _prompt(request: Request) -> str:
    if not request.shown:
        return ""
    lines = "".join(f"<p>{_others(each)}</p>" for each in request.prompt)
    return f"<figure><figcaption>{escape(request.shown)}</figcaption><blockquote>{lines}</blockquote></figure>"


def _table(page: Page) -> str:
    heads = "".join(f'<th scope="col">{escape(page.headings[each])}</th>' for each in ("entry", "time", "what"))
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(map(_row, page.lines))}</tbody></table></div>'


def _row(line: Line) -> str:
    return f"<tr><td>{line.index}</td><td>{escape(line.time)}</td><td>{_sign(line.tone)}{_others(line.text)}</td></tr>"
