"""On which line a key stands, whatever TOML allows around it."""

import tomllib

import pytest

from policy.toml_lines import Lines, line_of_error

TEXT = '''\
# a comment with = and [brackets
version = 1
text = """
[not a header]
key = "no key"
"quoted" """ # after
"a key" = 'it''s'
'b"c' = 2
list = [
  "one", # ] not the end
  "two = 2",
]

[[allow]]
name = "first"
who.groups = ["x"]
[allow.where]
hosts = [
  "h-1"
]
[[allow]]
   name = "second"
[visits.prompt_seconds]
view = 60
[ "odd" . table ]
x = { y = 1 }
last = 5'''.replace("'it''s'", "'its'")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("version",), 2),
        (("text",), 3),
        (("a key",), 7),
        (('b"c',), 8),
        (("list",), 9),
        (("list", 1), 9),
        (("allow",), 14),
        (("allow", 0), 14),
        (("allow", 0, "name"), 15),
        (("allow", 0, "who"), 16),
        (("allow", 0, "who", "groups", 0), 16),
        (("allow", 0, "where"), 17),
        (("allow", 0, "where", "hosts"), 18),
        (("allow", 1), 21),
        (("allow", 1, "name"), 22),
        (("allow", 1, "permissions"), 21),
        (("visits",), 23),
        (("visits", "prompt_seconds", "view"), 24),
        (("odd", "table"), 25),
        (("odd", "table", "x", "y"), 26),
        (("odd", "table", "last"), 27),
        (("key",), 1),
        ((), 1),
    ],
)
def test_a_key_is_found_where_it_stands(path: tuple[str | int, ...], line: int) -> None:
    assert tomllib.loads(TEXT)["version"] == 1
    assert Lines(TEXT).of(path) == line


def test_lines_that_end_as_on_windows_are_counted_once() -> None:
    assert Lines(TEXT.replace("\n", "\r\n")).of(("odd", "table", "last")) == 27


def test_strings_that_end_in_quotes_hide_nothing() -> None:
    text = 'a = """x"""""\nb = \'\'\'y\'\'\'\'\nc = "\\""\nd = 1\n'
    assert tomllib.loads(text)["d"] == 1
    assert [Lines(text).of((key,)) for key in "abcd"] == [1, 2, 3, 4]


def test_tables_inside_several_belong_to_the_newest() -> None:
    text = "[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\nx = 2\n[[a]]\n[[a.b]]\nx = 3\n[a.c]\ny = 1\n[a.c.d]\n"
    lines = Lines(text)
    assert lines.of(("a", 0, "b", 1, "x")) == 5
    assert lines.of(("a", 1, "b", 0, "x")) == 8
    assert lines.of(("a", 1, "c", "y")) == 10
    assert lines.of(("a", 1, "c", "d")) == 11


def test_the_line_of_an_error_is_the_one_that_is_named_or_the_last() -> None:
    for text, line in (("a = 1\nb =", 2), ("a = 1\nb = [1,\n", 3), ("a = 1\na = 2\n\n", 2)):
        with pytest.raises(tomllib.TOMLDecodeError) as caught:
            tomllib.loads(text)
        assert line_of_error(str(caught.value), text) == line
