"""Two texts side by side: what differs is marked, nothing is lost, and no text takes for ever (GO-01)."""

from __future__ import annotations

from time import process_time

import pytest

from portal.blueprints.documents.differences import marked


@pytest.mark.parametrize(
    ("was", "now", "old", "new"),
    [
        ("请放门口", "请放伞架", "请放<del>门口</del>", "请放<ins>伞架</ins>"),
        ("甲。乙。丙。", "甲。丁。丙。", "甲。<del>乙</del>。丙。", "甲。<ins>丁</ins>。丙。"),
        ("甲\n乙\n丙\n", "甲\n丙\n", "甲\n<del>乙\n</del>丙\n", "甲\n丙\n"),
        ("", "<新>", "", "<ins>&lt;新&gt;</ins>"),
        ("旧", "", "<del>旧</del>", ""),
        ("同", "同", "同", "同"),
    ],
)
def test_what_differs_is_marked(was: str, now: str, old: str, new: str) -> None:
    assert marked(was, now) == (old, new)


# The first two took minutes when all of it was compared character by character.
@pytest.mark.parametrize(
    ("one", "times"), [("啊吧", 2000), ("啊\n吧\n", 2000), ("啊。吧。", 90), ("啊吧" * 75 + "\n", 60)]
)
def test_no_text_takes_for_ever(one: str, times: int) -> None:
    was, now = one * times, one[::-1] * (times - 1)
    begun = process_time()
    left, right = marked(was, now)
    assert process_time() - begun < 2
    assert "<del>" in left
    for drawn, text, tag in ((left, was, "del"), (right, now, "ins")):
        assert drawn.replace(f"<{tag}>", "").replace(f"</{tag}>", "") == text
