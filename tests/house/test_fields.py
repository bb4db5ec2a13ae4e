"""What holds for every form: scripts can still talk to the form, whatever its fields are called."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from portal.forms import PortalForm

# A browser hands out `form.<name>` as the field of that name, in the place of what it is otherwise. These are asked
# of forms by our scripts and by htmx; a page whose form hides one of them is left half dead.
ASKED = frozenset({
    "addEventListener", "attributes", "children", "classList", "closest", "contains", "dataset", "dispatchEvent",
    "elements", "getAttribute", "hasAttribute", "matches", "method", "parentElement", "parentNode", "querySelector",
    "querySelectorAll", "remove", "removeAttribute", "requestSubmit", "reset", "setAttribute", "submit", "tagName",
})  # fmt: skip


def every(form: type[PortalForm]) -> Iterator[type[PortalForm]]:
    """A form and all that are made from it."""
    yield form
    for child in form.__subclasses__():
        yield from every(child)


def test_no_field_takes_the_name_of_something_that_scripts_ask_of_a_form(app: Flask) -> None:
    with app.app_context():
        hidden = {(form.__name__, name) for form in every(PortalForm) for name in ASKED & set(dir(form))
                  if hasattr(getattr(form, name), "field_class")}  # fmt: skip
    assert hidden == set()
