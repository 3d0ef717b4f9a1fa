"""Claude Code's sessions: JSON lines of messages, tool calls and results, and much beside.

Lines have `type`, `uuid`, `parentUuid`, `timestamp` and, if they are messages, `message`
as Anthropic's interface has it. Results of tools come under the role of the user; they are
put to their calls. Lines are kept in the order of the file; where a prompt goes back to an
earlier point of the tree, a notice says so, for what was left behind is part of the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sitegen.model import NOTICE, Block, Text, ToolCall, ToolResult, Transcript
from sitegen.readers.content import Record
from sitegen.readers.export import Export, Turn, Turns
from sitegen.readers.parts import parts_of
from sitegen.readers.values import mapping, string

__all__ = ["FORMAT", "is_claude_code", "read_claude_code"]

FORMAT = "claude-code"

USER, CLAUDE, SUB_AGENT = "User", "Claude", "Sub-agent"
TITLES = {"custom-title": "customTitle", "ai-title": "aiTitle", "summary": "summary"}
"""The types of lines that name the session, the strongest first, and their field."""

Line = tuple[Record, Mapping[str, Any]]


def is_claude_code(samples: Sequence[Mapping[str, Any]]) -> bool:
    """Whether lines are of a session: a message with its place in the tree."""
    return any(
        line.get("type") in ("user", "assistant", "system")
        and (
            any(key in line for key in ("sessionId", "parentUuid", "uuid"))
            # Sessions on the web are kept without their places in the tree.
            or ("timestamp" in line and "content" in mapping(line.get("message")))
        )
        and "payload" not in line
        for line in samples
    ) or any(
        string(line.get("type")) in TITLES and ("leafUuid" in line or "sessionId" in line)
        for line in samples
    )


def read_claude_code(lines: Iterable[Line], export: Export) -> Iterator[Transcript]:
    """The one transcript of a session."""
    session = _Session(export)
    for record, line in lines:
        session.read(record.line, line)
    if session.turns.turns:
        yield session.transcript()


@dataclass(slots=True)
class _Session:
    export: Export
    turns: Turns = field(default_factory=Turns)
    titles: dict[str, str] = field(default_factory=dict)
    models: dict[str, dict[str, None]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    reached: dict[str, int] = field(default_factory=dict)
    """How many turns there were when a line of the main conversation was read, by uuid."""
    agents: dict[str, str] = field(default_factory=dict)
    said: int = 0
    """How many turns there were after the last message of the main conversation."""

    def read(self, number: int, line: Mapping[str, Any]) -> None:
        kind = string(line.get("type"))
        aside = line.get("isSidechain") is True
        if kind in ("user", "assistant") and isinstance(line.get("message"), (dict, str)):
            self._message(number, line, kind, aside)
        elif kind == "system":
            self._system(number, line)
        elif kind in TITLES:
            self.titles[kind] = string(line.get(TITLES[kind])) or self.titles.get(kind, "")
        else:
            self.export.pass_over(f"lines of type `{kind}`" if kind else "lines without a type")
        for key, name in (("cwd", "Folder"), ("gitBranch", "Branch"), ("version", "Version")):
            if value := string(line.get(key)):
                self.facts.setdefault(name, value)
        if (uuid := string(line.get("uuid"))) and not aside:
            is_said = kind in ("user", "assistant")
            parent = self.reached.get(string(line.get("parentUuid")), 0)
            self.reached[uuid] = len(self.turns.turns) if is_said else parent

    def _message(self, number: int, line: Mapping[str, Any], kind: str, aside: bool) -> None:
        message = line["message"]
        content = message.get("content") if isinstance(message, dict) else message
        at = self.export.at(line.get("timestamp"))
        blocks = parts_of(content, self.export, typed=kind == "user" and not aside)
        if kind == "assistant":
            self._assistant(Turn("", "assistant", at, number, blocks), line, aside)
            return
        results = [block for block in blocks if isinstance(block, ToolResult)]
        rest: list[Block] = [block for block in blocks if not isinstance(block, ToolResult)]
        if results:
            for index, result in enumerate(results):
                # What comes with results, such as pictures, goes with the last of them.
                beside = rest if index == len(results) - 1 else []
                self.turns.answer(result, Turn("", NOTICE, at, number, list(beside)))
        elif line.get("isMeta") or line.get("isCompactSummary"):
            name = "Summary of what went before" if line.get("isCompactSummary") else "Context"
            self.turns.add(Turn("", NOTICE, at, number, _folded(name, rest)))
        elif aside:
            self.turns.add(Turn(CLAUDE, "sidechain", at, number, rest))
        else:
            self._say_if_it_goes_back(line, number)
            self.turns.add(Turn(USER, "user", at, number, rest))
        if not aside:
            self.said = len(self.turns.turns)

    def _assistant(self, turn: Turn, line: Mapping[str, Any], aside: bool) -> None:
        message = mapping(line["message"])
        turn.speaker, turn.key = CLAUDE, string(message.get("id"))
        if aside:
            turn.speaker, turn.role = self._agent(string(line.get("agentId"))), "sidechain"
        model = string(message.get("model"))
        if model and not model.startswith("<"):
            self.models.setdefault(turn.speaker, {})[model] = None
        self.turns.add(turn)
        if not aside:
            self.said = len(self.turns.turns)

    def _agent(self, id: str) -> str:
        """The name of a sub-agent: numbered from the second on."""
        count = len(self.agents) + 1
        return self.agents.setdefault(id, SUB_AGENT if count == 1 else f"{SUB_AGENT} {count}")

    def _say_if_it_goes_back(self, line: Mapping[str, Any], number: int) -> None:
        """A prompt that hangs on an earlier message than the last leaves some behind."""
        reached = self.reached.get(string(line.get("parentUuid")))
        if reached and reached < self.said:
            self.turns.notice(
                f"The conversation goes back to message {reached} and goes on from there.", number
            )

    def _system(self, number: int, line: Mapping[str, Any]) -> None:
        kind, content = string(line.get("subtype")), self.export.text(line.get("content"))
        at = self.export.at(line.get("timestamp"))
        if content.strip():
            self.turns.notice(content, number, at)
        elif kind == "compact_boundary":
            self.turns.notice("Conversation compacted", number, at)
        else:
            self.export.pass_over(f"system lines of type `{kind}`")

    def transcript(self) -> Transcript:
        title = next((self.titles[kind] for kind in TITLES if self.titles.get(kind)), "")
        return self.export.transcript(
            FORMAT,
            title,
            self.turns.messages(),
            models={name: ", ".join(models) for name, models in self.models.items()},
            extra=tuple(self.facts.items()),
        )


def _folded(name: str, blocks: Sequence[Block]) -> list[Block]:
    """Text that no person wrote, as a step that opens."""
    return [
        ToolCall("", name, block.markdown, "") if isinstance(block, Text) else block
        for block in blocks
    ]
