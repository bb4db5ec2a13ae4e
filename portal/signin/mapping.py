"""What a provider's answer means in the portal: groups as roles, departments as codes; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from portal.kernel.rights import Role
from portal.kernel.usernames import USERNAME

MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
Rule = tuple[str, str]  # what it is here, what the provider calls it


@dataclass(frozen=True)
class Entry:
    """Somebody as a provider describes them."""

    subject: str
    username: str
    name: str
    mail: str = ""
    departments: tuple[str, ...] = ()  # values of the department's attribute or claim
    groups: tuple[str, ...] = ()  # names, or distinguished names


@dataclass(frozen=True)
class Mapping:
    """How a provider's words are read. Without rules for roles, roles stay the general office's business."""

    roles: tuple[Rule, ...] = ()
    departments: tuple[Rule, ...] = ()

    def role_of(self, entry: Entry) -> Role | None:
        """The role of the first rule that fits, in the order in which they were written; None when none does."""
        had = {_plain(group) for group in entry.groups}
        return next((Role(role) for role, group in self.roles if _plain(group) in had), None)

    def department_of(self, entry: Entry, codes: Collection[str]) -> str | None:
        """The code of the first rule that fits, else what is a department's code itself; None when nothing is."""
        had = {_plain(value) for value in (*entry.departments, *entry.groups)}
        for code, called in self.departments:
            if _plain(called) in had and code in codes:
                return code
        return next((code for code in entry.departments if code in codes), None)


@dataclass(frozen=True)
class Wanted:
    """What a person's record should say; what the provider does not tell is left out."""

    fields: dict[str, str | Role] = field(default_factory=dict)
    against: str = ""  # why nobody can be let in: `no_role`, `no_department`


def rules(written: str, kinds: Collection[str] = ()) -> tuple[Rule, ...]:
    """Rules written `role=group; role=group`; ValueError says what cannot be read. `kinds` are the words allowed."""
    found = []
    for part in filter(None, (part.strip() for part in written.split(";"))):
        here, equals, there = (word.strip() for word in part.partition("="))
        if not (here and equals and there):
            raise ValueError(f"{part!r} is not of the form HERE=THERE")
        if kinds and here not in kinds:
            raise ValueError(f"{here!r} is none of: {', '.join(kinds)}")
        found.append((here, there))
    return tuple(found)


def wanted(entry: Entry, by: Mapping, codes: Collection[str]) -> Wanted:
    """The record that an entry asks for. Roles without a fitting group and unknown departments are reasons against."""
    fields: dict[str, str | Role] = {"name": _line(entry.name, 80) or entry.username[:80]}
    if MAIL.fullmatch(entry.mail) and len(entry.mail) <= 160:
        fields["email"] = entry.mail
    against = []
    if by.roles:
        if role := by.role_of(entry):
            fields["role"] = role
        else:
            against.append("no_role")
    if department := by.department_of(entry, codes):
        fields["department"] = department
    else:
        against.append("no_department")
    return Wanted(fields, against[0] if against else "")


def username_of(entry: Entry) -> str:
    """The user name in the portal's form; empty when it cannot be one."""
    plain = entry.username.strip().lower()
    return plain if USERNAME.fullmatch(plain) else ""


def too_many(leaving: Sequence[object], of: int) -> bool:
    """True when more than a third would be locked out at once: rather a mistake in a filter than an exodus."""
    return len(leaving) * 3 > of


def texts(given: object) -> tuple[str, ...]:
    """A claim as texts: one, several, or none; anything else is no answer."""
    several: Iterable[object] = given if isinstance(given, list) else (given,)
    return tuple(one for one in several if isinstance(one, str) and one)


def _plain(name: str) -> str:
    """A name or a distinguished name as it is compared: small letters, no spaces around its parts."""
    return re.sub(r"\s*([,=])\s*", r"\1", name.strip()).casefold()


def _line(text: str, most: int) -> str:
    return _UNSTORABLE.sub(" ", text).strip()[:most]
