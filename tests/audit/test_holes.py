"""Holes in a log: neighbours are one, each lies between two moments, and retention explains its own ranges and nothing else."""

from audit.holes import NEVER_MS, Hole, Holes


def gathered(text: str) -> Holes:
    """A letter for each entry: `e` can be read, `b` is bare, `x` is altered, `-` is not there."""
    holes = Holes()
    for index, kind in enumerate(text, 1):
        if kind == "e":
            holes.readable(index, 1000 * index)
        elif kind != "-":
            holes.lost(index, bare=kind == "b")
    return holes


def test_a_whole_log_has_none() -> None:
    holes = gathered("eee")
    assert (holes.found, holes.let_go_until(), list(holes.broken())) == ([], 0, [])


def test_neighbours_of_one_kind_are_one_hole_and_lie_between_two_moments() -> None:
    assert gathered("ebbexxbe").found == [
        Hole(2, 3, bare=True, after_ms=1000, before_ms=4000),
        Hole(5, 6, bare=False, after_ms=4000, before_ms=8000),
        Hole(7, 7, bare=True, after_ms=4000, before_ms=8000),
    ]
    assert gathered("xex").found == [Hole(1, 1, False, 0, 2000), Hole(3, 3, False, 2000, NEVER_MS)]


def test_entries_that_are_not_there_are_a_hole() -> None:
    assert gathered("e--e").found == [Hole(2, 3, False, 1000, 4000)]
    assert gathered("e-xe").found == [Hole(2, 3, False, 1000, 4000)]
    assert gathered("e-be").found == [Hole(2, 2, False, 1000, 4000), Hole(3, 3, True, 1000, 4000)]


def test_an_entry_that_stands_twice_opens_no_hole_behind_it() -> None:
    holes = gathered("eee")
    holes.readable(1, 9000)
    holes.lost(2, bare=False)
    holes.readable(4, 9500)
    assert holes.found == [Hole(2, 2, False, 9000, 9500)]


def test_retention_explains_what_is_bare_inside_its_range() -> None:
    holes = gathered("ebbbeebbe")
    holes.expired.append((1, 4))
    assert holes.let_go_until() == 5000
    assert list(holes.broken()) == [Hole(7, 8, True, 6000, 9000)]
    holes.expired.append((5, 20))
    assert (holes.let_go_until(), list(holes.broken())) == (9000, [])


def test_what_was_altered_inside_the_range_is_not_explained() -> None:
    holes = gathered("ebxe")
    holes.expired.append((1, 4))
    assert list(holes.broken()) == [Hole(3, 3, False, 1000, 4000)]
    only = gathered("exe")
    only.expired.append((1, 3))
    assert only.let_go_until() == 0


def test_a_hole_that_reaches_over_a_range_is_explained_inside_it_alone() -> None:
    holes = gathered("bbbbbbbb")
    holes.expired += [(5, 6), (2, 3), (3, 3)]
    assert [(each.first, each.last) for each in holes.broken()] == [(1, 1), (4, 4), (7, 8)]
    before = gathered("bbe")
    before.expired.append((3, 9))
    assert [(each.first, each.last) for each in before.broken()] == [(1, 2)]
    assert before.let_go_until() == 0
