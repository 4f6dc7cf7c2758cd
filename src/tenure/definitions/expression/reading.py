"""Walking over the tokens of one expression: where it is, what it expects, what it refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from tenure.definitions.base import DefinitionError
from tenure.definitions.expression.text import SourceText
from tenure.definitions.expression.tokens import Token, tokenise
from tenure.definitions.expression.tree import Node, ValueType
from tenure.definitions.expression.types import common_type, known_type, mismatch
from tenure.words import Words

MAX_NESTING = 40
MAX_DEPTH = 64
MAX_NODES = 400


@dataclass(frozen=True, slots=True)
class Located:
    """A node, its place in the text, and how deep the tree below it is."""

    node: Node
    start: int
    end: int
    depth: int = 1


class TokenReader:
    """A place among the tokens, with limits on size and checks of type."""

    def __init__(
        self,
        source: SourceText,
        names: Mapping[str, ValueType | None] | None,
        reasons: Mapping[str, Words],
    ) -> None:
        self.source = source
        self.names = names
        self.reasons = reasons
        self._tokens = tokenise(source)
        self._index = 0
        self._nesting = 0
        self._nodes = 0

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._index]

    def following(self) -> Token:
        """The token after the next."""
        return self._tokens[min(self._index + 1, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Take the next token."""
        token = self._tokens[self._index]
        self._index = min(self._index + 1, len(self._tokens) - 1)
        return token

    def at_symbol(self, sign: str) -> bool:
        """Whether the next token is this sign."""
        return self.token.kind == "symbol" and self.token.value == sign

    def at_keyword(self, word: str) -> bool:
        """Whether the next token is this keyword."""
        return self.token.kind == "keyword" and self.token.value == word

    def expect_symbol(self, sign: str) -> Token:
        """Take this sign, or refuse."""
        if not self.at_symbol(sign):
            self.refuse_token(f"“{sign}”", f"{sign!r}")
        return self.advance()

    def expect_keyword(self, word: str) -> Token:
        """Take this keyword, or refuse."""
        if not self.at_keyword(word):
            self.refuse_token(f" {word}", word)
        return self.advance()

    def expect_end(self) -> None:
        """Refuse anything that is left over."""
        if self.token.kind != "end":
            self.refuse_token("运算符、and、or 或结尾", "an operator, and, or, or the end")

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level of nesting, refused beyond the limit."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self._refuse_size(self.token.start, self.token.end)
        yield
        self._nesting -= 1

    def build(self, node: Node, start: int, end: int, *parts: Located) -> Located:
        """``node`` with its place, counted against the limits."""
        self._nodes += 1
        depth = 1 + max((part.depth for part in parts), default=0)
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            self._refuse_size(start, end)
        return Located(node, start, end, depth)

    def check(self, part: Located, wanted: ValueType) -> None:
        """Refuse ``part`` unless its type is ``wanted`` or not known yet."""
        found = known_type(part.node)
        if found and found != wanted:
            self.refuse(part.start, part.end, mismatch(wanted, found))

    def check_alike(self, parts: Sequence[Located]) -> None:
        """Refuse the first part whose type differs from the first known one."""
        wanted = common_type([part.node for part in parts])
        for part in parts:
            if wanted:
                self.check(part, wanted)

    def refuse_boolean(self, part: Located) -> None:
        """Refuse conditions where only values with an order make sense."""
        if known_type(part.node) == "boolean":
            cause = Words("条件没有大小之分", "conditions have no order")
            self.refuse(part.start, part.end, cause)

    def refuse(self, start: int, end: int, cause: Words, *, nearest: str | None = None) -> NoReturn:
        """Stop with a problem at this place."""
        raise DefinitionError([self.source.problem(start, end, cause, nearest=nearest)])

    def refuse_token(self, wanted_zh: str, wanted_en: str) -> NoReturn:
        """Stop at the next token, saying what was wanted in its place."""
        token = self.token
        if token.kind == "end":
            cause = Words(
                f"表达式没有写完，这里要{wanted_zh}",
                f"the expression ends here, where {wanted_en} is wanted",
            )
        else:
            written = self.source.text[token.start : token.end][:40]
            cause = Words(
                f"这里要{wanted_zh}，不能是 {written}",
                f"{wanted_en} is wanted here, not {written}",
            )
        self.refuse(token.start, max(token.end, token.start + 1), cause)

    def _refuse_size(self, start: int, end: int) -> NoReturn:
        cause = Words(
            "表达式太复杂；把其中一部分写成单独的 expression 定义",
            "the expression is too large; move a part into a definition of kind expression",
        )
        self.refuse(start, end, cause)
