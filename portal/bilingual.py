"""Templates in two languages: each is compiled once a language, its plain sentences already put into it.

A page says a hundred sentences; looked up while it is drawn they take longer than its queries. Line breaks that no
browser draws go the same way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import has_request_context, request
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from portal.i18n import in_language, is_chinese

# What a template calls with nothing but a name; the answer hangs on where the portal is mounted and on nothing else.
ALWAYS_THE_SAME = frozenset({"icon", "static_url", "url_for"})
# A line break before a block, or before its end, shows nowhere.
UNSEEN = re.compile(
    r">\n+(?=</?(?:body|dd|details|dialog|div|dl|dt|form|h[1-6]|head|header|html|li|link|main|meta|nav|noscript|ol|p"
    r"|script|section|summary|table|tbody|template|title|ul)\b)"
)


class Bilingual(Environment):
    """Flask's environment; whoever asks it for a template is handed the one of the page's language."""

    chinese: bool | None = None  # None in the environment that the application knows, which holds no template
    root: str | None = None  # where the portal is mounted; None without a request, which has no addresses

    def get_template(self, name: Any, *rest: Any, **more: Any) -> Template:
        """The template in the page's language, and so all that it extends, includes or imports."""
        if self.chinese is not None:
            return super().get_template(name, *rest, **more)
        root = request.script_root if has_request_context() else None
        return self._speaking(is_chinese(), root).get_template(name, *rest, **more)

    def make_globals(self, d: Any) -> Any:
        """The globals as they are; Jinja would chain an empty dict before them, through which each part copies them."""
        return super().make_globals(d) if d else self.globals

    def _speaking(self, chinese: bool, root: str | None) -> Bilingual:
        known: dict[tuple[bool, str | None], Bilingual] = self.__dict__.setdefault("languages", {})
        if (chinese, root) not in known:
            made: Bilingual = self.overlay()
            made.chinese, made.root = chinese, root
            known[chinese, root] = made
        return known[chinese, root]

    def _generate(self, source: nodes.Template, *rest: Any, **more: Any) -> str:
        if self.chinese is not None:
            source = _Saying(self.chinese, {} if self.root is None else self.globals).visit(source)
            source.set_environment(self)
        return super()._generate(source, *rest, **more)


class _Saying(NodeTransformer):
    """Puts the words in the place of each `_("…")`; what fills their holes is still asked for as the page is drawn.

    Likewise the symbols and addresses that are the same on every page.
    """

    def __init__(self, chinese: bool, known: Mapping[str, Any]) -> None:
        self.chinese, self.known = chinese, known

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802  # as below
        node.data = UNSEEN.sub(">", node.data)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # the visitor finds it by the class of the node
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name):
            return node
        if node.node.name in ALWAYS_THE_SAME:
            return self._made(node, node.node.name)
        if node.node.name != "_":
            return node
        (sentence,) = node.args
        if not isinstance(sentence, nodes.Const):
            return node
        said = nodes.Const(in_language(sentence.value, chinese=self.chinese), lineno=node.lineno)
        if not node.kwargs:
            return said
        holes = [nodes.Pair(nodes.Const(given.key), given.value, lineno=node.lineno) for given in node.kwargs]
        return nodes.Mod(said, nodes.Dict(holes), lineno=node.lineno)

    def _made(self, node: nodes.Call, name: str) -> nodes.Node:
        if name not in self.known or len(node.args) != 1 or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        (what,) = node.args
        if not isinstance(what, nodes.Const) or str(what.value).startswith("."):
            return node  # made while the page is drawn, or relative to the page that asks
        return nodes.Const(self.known[name](what.value), lineno=node.lineno)
