"""Keep the Chinese catalogue in step with the sentences of the code.

`python .ci/translations.py` collects every sentence of Python and templates and writes the catalogue anew: what
was translated stays, a new sentence comes in empty, one that nobody says any more goes. `--check` writes nothing
and lists what has no Chinese or is no longer used. Nothing is ever guessed from a similar sentence.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
LOCALE = "zh_Hans_CN"
CATALOGUE = PORTAL / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"

# A template that does not parse must fail here, not lose its sentences in silence.
OPTIONS = {"templates/**": {"silent": "false"}}
TAG = "Translators:"
KEYWORDS = {"_": None, "_l": None, "ngettext": (1, 2)}

# Written by hand: Babel's own head holds dates that would change with every run.
HEAD = f"""\
# Chinese for the English sentences of the code; `python .ci/translations.py` keeps the list.
msgid ""
msgstr ""
"Language: {LOCALE}\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def main(arguments: list[str]) -> int:
    """Update or check; 0 when all is translated (or written), 1 when the check finds something."""
    parser = argparse.ArgumentParser(description="Keep the Chinese catalogue in step with the code.")
    parser.add_argument("--check", action="store_true", help="write nothing, list what is wrong")
    checks = parser.parse_args(arguments).check
    said, kept = collect(), read()
    if not checks:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        CATALOGUE.write_bytes(written(said, kept))
        kept = read()
    complaints = list(differences(said, kept))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if checks and complaints else 0


def collect() -> Catalog:
    """Every sentence of the portal with the files that say it, in the order of the files."""
    said = Catalog(locale=LOCALE)
    methods: list[Any] = [("templates/**", "jinja2"), ("**.py", in_python)]
    found = extract_from_dir(
        PORTAL,
        method_map=methods,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        comment_tags=(TAG,),
        strip_comment_tags=True,
    )
    for name, line, sentence, comments, _ in found:
        said.add(sentence, locations=[(f"portal/{Path(name).as_posix()}", line)], auto_comments=comments)
    return said


def in_python(
    file: IO[bytes], keywords: Collection[str], _tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """The sentences of a Python file: line, function, literal arguments, the `# Translators:` line above.

    Read from the syntax tree, because Babel's own reader sees nothing inside an f-string before Python 3.12.
    """
    source = file.read().decode()
    lines = source.splitlines()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in keywords:
            above = lines[call.lineno - 2].strip() if call.lineno > 1 else ""
            comments = [above.removeprefix("# ")] if above.startswith(f"# {TAG}") else []
            yield call.lineno, call.func.id, tuple(map(literal, call.args)), comments


def literal(argument: ast.expr) -> str | None:
    """The text of an argument that is written out; None for any other."""
    text = argument.value if isinstance(argument, ast.Constant) else None
    return text if isinstance(text, str) else None


def read() -> Catalog:
    """The catalogue as it lies in the tree; an empty one when there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale=LOCALE)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LOCALE)


def written(said: Catalog, kept: Catalog) -> bytes:
    """The catalogue's text: the sentences of `said`, with the Chinese of `kept` where the sentence is the same."""
    for message in sentences(said):
        old = kept.get(message.id)
        if old is not None and isinstance(old.id, tuple) == isinstance(message.id, tuple) and not old.fuzzy:
            message.string = old.string
            message.user_comments = old.user_comments
    body = BytesIO()
    write_po(body, said, width=0, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEAD.encode() + body.getvalue().rstrip(b"\n") + b"\n"


def differences(said: Catalog, kept: Catalog) -> Iterator[str]:
    """What has no Chinese, what is guessed, what nobody says any more: a line each."""
    for message in sentences(said):
        old = kept.get(message.id)
        files = ", ".join(dict.fromkeys(name for name, _ in message.locations))
        if old is None or not all(texts(old)):
            yield f"no Chinese: {texts_of(message.id)[0]!r} ({files})"
        elif old.fuzzy:
            yield f"marked as a guess: {texts_of(message.id)[0]!r} ({files})"
    for message in sentences(kept):
        if said.get(message.id) is None:
            yield f"no longer used: {texts_of(message.id)[0]!r}"
    for obsolete in kept.obsolete.values():
        yield f"no longer used: {texts_of(obsolete.id)[0]!r}"


def sentences(catalogue: Catalog) -> Iterator[Message]:
    """The messages without the catalogue's head."""
    return (message for message in catalogue if message.id)


def texts(message: Message) -> tuple[str, ...]:
    """The Chinese of a message: one text, or one for each plural form."""
    return texts_of(message.string or "")


def texts_of(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """One text or several, as a tuple."""
    return (text,) if isinstance(text, str) else tuple(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
