"""What may be typed into the shift log."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from portal.blueprints.duty.equipment.forms import EquipmentCode
from portal.blueprints.duty.log.codes import Category, Standing
from portal.blueprints.duty.posts.models import Post
from portal.forms import Choice, IdempotencyKey, Line, OneOf, Paragraph, PortalForm
from portal.i18n import _, _l, label
from portal.kernel import numbers
from portal.pictures import Pictures

CASE = re.compile(numbers.shape("TS"), re.ASCII)
VISIT = re.compile(numbers.shape("LF"), re.ASCII)


class EntryForm(PortalForm):
    """A new entry; the posts whose log the person may write are handed in."""

    post = OneOf(_l("Post"), codes=lambda: (), required=True)
    category = Choice(
        _l("Category of the entry"), of=Category, words=label, required=True, default=Category.ROUTINE
    )
    standing = Choice(_l("Where it stands"), of=Standing, words=label, required=True, default=Standing.DONE)
    text = Paragraph(_l("What happened"), most=2000, required=True)
    case_number = Line(_l("Number of a case"), most=24)
    visit_number = Line(_l("Number of a visit"), most=24)
    equipment = EquipmentCode(_l("Code of equipment"))
    pictures = Pictures(_l("Pictures"))
    major = BooleanField(_l("Major: the head is told at once (DR-02)"))
    idempotency_key = IdempotencyKey()

    def __init__(self, *args: Any, posts: dict[str, str], **more: Any) -> None:
        self.posts = posts
        super().__init__(*args, **more)

    def process(self, *args: Any, **more: Any) -> None:
        """The posts to choose from are known before anything is read."""
        self.post.codes = self.posts.items
        super().process(*args, **more)

    def validate_case_number(self, field: Field) -> None:
        field.data = field.data.upper()
        if field.data and not CASE.fullmatch(field.data):
            raise ValidationError(_("Write the number as %(example)s.", example="TS-20260302-0001"))

    def validate_visit_number(self, field: Field) -> None:
        field.data = field.data.upper()
        if field.data and not VISIT.fullmatch(field.data):
            raise ValidationError(_("Write the number as %(example)s.", example="LF-20260302-0001"))

    def given(self) -> dict[str, Any]:
        """The fields as the action takes them, the post left out."""
        kept = {name: value for name, value in self.data.items() if name != "post"}
        return kept | {"pictures": self.pictures.checked}


class FollowForm(PortalForm):
    """A word about an earlier entry."""

    text = Paragraph(_l("What is to be said"), most=2000, required=True)
    idempotency_key = IdempotencyKey()


def posts_of(posts: list[Post], called: Any) -> dict[str, str]:
    """Codes and names of posts, to choose from."""
    return {post.code: called(post) for post in posts}
