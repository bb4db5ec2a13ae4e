"""Who may take which post, told to other areas as crews."""

from __future__ import annotations

from collections.abc import Iterator

from portal.blueprints.duty.posts import queries
from portal.kernel import clock
from portal.kernel.crews import Crew


def of_posts() -> Iterator[Crew]:
    """Those qualified for each post that is in use."""
    ground, today = queries.ground(), clock.today()
    for post in ground.posts.values():
        if post.active:
            people = (
                row.person_id
                for row in ground.qualifications
                if row.post_id == post.id and (row.since or today) <= today <= (row.until or today)
            )
            yield Crew(post.code, post.name, post.name_en, frozenset(people))
