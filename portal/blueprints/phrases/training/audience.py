"""For whom a training is meant: departments, roles and posts, put together, and the people they are."""

from __future__ import annotations

from collections.abc import Collection

from portal.drawing import department_name
from portal.i18n import _, called, comma, label
from portal.kernel import crews, reference
from portal.kernel.rights import Role


def people_of(departments: Collection[str], roles: Collection[str], posts: Collection[str]) -> list[int]:
    """Everybody active who is in one of the departments, has one of the roles and may take one of the posts.

    What is not chosen leaves nobody out.
    """
    known = crews.current() if posts else {}
    at_posts = {person for code in posts if code in known for person in known[code].people}
    return sorted(
        card.id
        for card in reference.staff().cards.values()
        if card.active
        and (not departments or card.department in departments)
        and (not roles or card.role in roles)
        and (not posts or card.id in at_posts)
    )


def departments() -> list[tuple[str, str]]:
    """The departments to choose from, code and name."""
    return [(code, department_name(code)) for code in reference.staff().departments]


def roles() -> list[tuple[str, str]]:
    """The roles to choose from."""
    return [(role.value, label(role)) for role in Role]


def posts() -> list[tuple[str, str]]:
    """The posts to choose from."""
    return [(crew.code, called(crew)) for crew in crews.current().values()]


def in_words(line: object) -> str:
    """Who is meant by something with departments, roles and posts."""
    names = {"departments": dict(departments()), "roles": dict(roles()), "posts": dict(posts())}
    told = [
        comma().join(known.get(code, code) for code in str(getattr(line, field)).split())
        for field, known in names.items()
        if getattr(line, field)
    ]
    return " · ".join(told) or _("Everybody")
