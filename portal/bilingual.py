"""Templates in two languages: each is compiled once a language, its plain sentences already put into it.

A page says a hundred sentences; looked up while it is drawn they take longer than its queries.
"""

from __future__ import annotations

from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from portal.i18n import in_language, is_chinese


class Bilingual(Environment):
    """Flask's environment; whoever asks it for a template is handed the one of the page's language."""

    chinese: bool | None = None  # None in the environment that the application knows, which holds no template

    def get_template(self, name: Any, *rest: Any, **more: Any) -> Template:
        """The template in the page's language, and so all that it extends, includes or imports."""
        if self.chinese is not None:
            return super().get_template(name, *rest, **more)
        return self._speaking(is_chinese()).get_template(name, *rest, **more)

    def _speaking(self, chinese: bool) -> Bilingual:
        known: dict[bool, Bilingual] = self.__dict__.setdefault("languages", {})
        if chinese not in known:
            made: Bilingual = self.overlay()
            made.chinese = chinese
            known[chinese] = made
        return known[chinese]

    def _generate(self, source: nodes.Template, *rest: Any, **more: Any) -> str:
        if self.chinese is not None:
            source = _Saying(self.chinese).visit(source)
            source.set_environment(self)
        return super()._generate(source, *rest, **more)


class _Saying(NodeTransformer):
    """Puts the words in the place of each `_("…")`; what fills their holes is still asked for as the page is drawn."""

    def __init__(self, chinese: bool) -> None:
        self.chinese = chinese

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # the visitor finds it by the class of the node
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "_"):
            return node
        (sentence,) = node.args
        if not isinstance(sentence, nodes.Const):
            return node
        said = nodes.Const(in_language(sentence.value, chinese=self.chinese), lineno=node.lineno)
        if not node.kwargs:
            return said
        holes = [nodes.Pair(nodes.Const(given.key), given.value, lineno=node.lineno) for given in node.kwargs]
        return nodes.Mod(said, nodes.Dict(holes), lineno=node.lineno)
