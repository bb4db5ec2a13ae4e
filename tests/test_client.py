"""The careful client: what it takes for two pages of one make, and that no fault hides in the difference."""

from __future__ import annotations

import pytest

from tests.client import inspect_once, inspect_page, make_of

PAGE = """<!doctype html><html lang="en"><head><title>Case 1</title></head><body><main><h1>Case 1, 打印机漏墨</h1>
<p title="Mon 09:00"><a href="/complaints/1?a=1&amp;b=2">One</a> <time datetime="2026-03-02T09:00">today</time></p>
<form method="post" action="/complaints/1/route"><input type="hidden" name="csrf_token" value="abc">
<label for="a">A</label><select id="a" name="a"><option selected>one</option><option>two</option></select></form>
<table><tbody><tr><td>1</td></tr></tbody></table><div id="b"></div></main></body></html>"""


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("Case 1, 打印机漏墨", "Case 22，线断了"),
        ("/complaints/1?a=1&amp;b=2", "/complaints/22?b=3"),
        ("Mon 09:00", "Tue 10:00"),
        ("2026-03-02T09:00", "2026-03-03T10:00"),
        ("/complaints/1/route", "/complaints/22/route"),
        ('value="abc"', 'value="defg"'),
        ("<option selected>one</option><option>", "<option>one</option><option selected>"),
    ],
)
def test_pages_that_differ_in_words_and_addresses_are_of_one_make(was: str, is_: str) -> None:
    inspect_page(PAGE, "en")
    inspect_page(PAGE.replace(was, is_), "en")
    assert was in PAGE
    assert make_of(PAGE.replace(was, is_)) == make_of(PAGE)


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("Case 1, 打印机漏墨</h1>", "</h1>"),
        ("Case 1, 打印机漏墨", "Case \x0b1"),
        ("Case 1, 打印机漏墨", "Case &copy 1"),
        ("</h1>", "</h1><h1>More</h1>"),
        ("One</a>", "One</b></a>"),
        ('href="/complaints/1?a=1&amp;b=2"', 'href="/complaints/1" href="/complaints/2"'),
        ('action="/complaints/1/route"', 'action="//elsewhere/complaints"'),
        ('action="/complaints/1/route"', 'action="https://elsewhere/"'),
        ('name="csrf_token"', 'name="token"'),
        ('method="post"', 'method="put"'),
        ('for="a"', 'for="c"'),
        ('id="b"', 'id="a"'),
        ('id="b"', 'id="b" onclick="1"'),
        ('id="b"', 'id="b" style=""'),
        ("<option selected>", "<option selected selected>"),
        ('title="Mon 09:00"', 'title="Mon" title="09:00"'),
        ('<div id="b">', '<div id="b"><script>1</script>'),
    ],
)
def test_no_fault_hides_in_a_make_that_was_fine(was: str, is_: str) -> None:
    faulty = PAGE.replace(was, is_)
    assert make_of(faulty) != make_of(PAGE)
    with pytest.raises(AssertionError):
        inspect_page(faulty, "en")
    inspect_once(PAGE, "en")
    with pytest.raises(AssertionError):
        inspect_once(faulty, "en")


@pytest.mark.parametrize(
    "around", ['<p id="b">', '<p class="x" class="y">', "<b>", "<h1>More</h1>", '<p style="">']
)
def test_no_fault_hides_around_the_main_part(around: str) -> None:
    inspect_once(PAGE, "en")
    with pytest.raises(AssertionError):
        inspect_once(PAGE.replace("</main>", f"</main>{around}"), "en")


ROW = '<tr><td><a href="/complaints/1">One</a></td></tr>\n'


def test_a_row_more_is_of_the_same_make_unless_it_bears_an_id() -> None:
    def listed(*rows: str) -> str:
        return PAGE.replace("<tr><td>1</td></tr>", "\n" + "".join(rows))

    assert make_of(listed(ROW, ROW.replace("One", "Two"), ROW)) == make_of(listed(ROW))
    assert make_of(listed(ROW, ROW.replace("<tr>", "<tr >"))) != make_of(listed(ROW))
    same = ROW.replace("<tr>", '<tr id="same">')
    assert make_of(listed(same, same)) != make_of(listed(same))
    with pytest.raises(AssertionError):
        inspect_page(listed(same, same), "en")
