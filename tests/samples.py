"""One small export of each format, in our own words; every word that must be shown is numbered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["SAMPLES", "lines", "whole"]

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


def whole(value: object) -> bytes:
    """A file that is one value."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def lines(*values: object) -> bytes:
    """A file of a value a line."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def line(kind: str, uuid: str, parent: str | None, message: object, **more: object) -> Any:
    """A line of Claude Code."""
    at = f"2025-03-04T09:{len(uuid):02}:00.000Z"
    head = {"type": kind, "uuid": uuid, "parentUuid": parent, "sessionId": "s1", "timestamp": at}
    return {**head, "cwd": "/home/ada/tides", "message": message, **more}


def said(model: str, *parts: object, id: str = "") -> dict[str, object]:
    """A message of a model in parts."""
    return {"id": id, "role": "assistant", "model": model, "content": list(parts)}


def use(id: str, name: str, **given: object) -> dict[str, object]:
    """A part that uses a tool."""
    return {"type": "tool_use", "id": id, "name": name, "input": given}


def result(id: str, content: object, *, failed: bool = False) -> dict[str, object]:
    """A line's message that brings a tool's result, under the role of the user."""
    part = {"type": "tool_result", "tool_use_id": id, "content": content, "is_error": failed}
    return {"role": "user", "content": [part]}


CLAUDE_CODE = lines(
    {"type": "summary", "summary": "Tide tables w01", "leafUuid": "nowhere"},
    {"type": "file-history-snapshot", "messageId": "x"},
    line("user", "a", None, {"role": "user", "content": "Please mend\nthe w02 table"}),
    line("assistant", "ab", "a", said("claude-x", {"type": "thinking", "thinking": "w03"}, id="1")),
    line("assistant", "abc", "ab", said("claude-x", {"type": "text", "text": "I w04"}, id="1")),
    line("assistant", "abcd", "abc", said("claude-x", use("t1", "Bash", command="ls w05"), id="1")),
    line("user", "abcde", "abcd", result("t1", "w06\n\u001b[31mw07\u001b[0m")),
    line("assistant", "b", "abcde", said("claude-x", use("t2", "Edit", file_path="w08"), id="2")),
    line("user", "bc", "b", result("t2", [{"type": "text", "text": "no w09"}], failed=True)),
    line("assistant", "bcd", "bc", said("claude-y", {"type": "text", "text": "Done w10"}, id="3")),
    line("user", "c", "abc", {"role": "user", "content": [{"type": "text", "text": "Or w11?"}]}),
    line("user", "cd", "c", {"role": "user", "content": "Caveat w12"}, isMeta=True),
    line(
        "user",
        "side",
        None,
        {"role": "user", "content": "Look for w13"},
        isSidechain=True,
        agentId="q",
    ),
    line(
        "assistant",
        "side2",
        "side",
        said("claude-z", {"type": "text", "text": "Found w14"}),
        isSidechain=True,
        agentId="q",
    ),
    {"type": "system", "subtype": "compact_boundary", "content": "Compacted w15", "uuid": "d"},
    line("user", "e", "d", {"role": "user", "content": "Summary w16"}, isCompactSummary=True),
    line("user", "lost", "nobody", "Only a string w17"),
    ["no", "object"],
)


def node(id: str, parent: str | None, message: object) -> dict[str, object]:
    """A node of ChatGPT's tree."""
    return {"id": id, "parent": parent, "children": [], "message": message}


def turn(role: str, *parts: object, **more: Any) -> dict[str, object]:
    """A message of ChatGPT's."""
    content = more.pop("content", {"content_type": "text", "parts": list(parts)})
    head = {"author": {"role": role, "name": more.pop("name", None)}, "create_time": 1741080000.5}
    return {**head, "content": content, "recipient": more.pop("to", "all"), "metadata": more}


CITED = "\ue200cite\ue202turn0search0\ue201"
CHATGPT_CONVERSATION = {
    "title": "Knots w01",
    "create_time": 1741079999.25,
    "conversation_id": "67c6a1f0-1111-8000-9000-abcdefabcdef",
    "current_node": "g",
    "mapping": {
        "root": node("root", None, None),
        "sys": node("sys", "root", turn("system", "")),
        "ctx": node(
            "ctx",
            "sys",
            turn(
                "user",
                content={"content_type": "user_editable_context", "user_profile": "w02"},
                is_visually_hidden_from_conversation=True,
            ),
        ),
        "a": node(
            "a",
            "ctx",
            turn("user", "Which knot\nis w03?", attachments=[{"name": "w04.pdf", "mimeType": "x"}]),
        ),
        "b1": node("b1", "a", turn("assistant", "A *first* answer w05")),
        "b2": node(
            "b2",
            "a",
            turn(
                "assistant",
                content={
                    "content_type": "thoughts",
                    "thoughts": [{"summary": "w06", "content": "w07"}],
                },
                model_slug="gpt-x",
            ),
        ),
        "c": node("c", "b2", turn("assistant", "print('w08')", to="python")),
        "d": node(
            "d",
            "c",
            turn(
                "tool", name="python", content={"content_type": "execution_output", "text": "w09"}
            ),
        ),
        "e": node(
            "e",
            "d",
            turn(
                "assistant",
                f"A bowline {CITED} and \ue200cite\ue202w10\ue201",
                content_references=[{"matched_text": CITED, "alt": "([w11](https://a.example))"}],
            ),
        ),
        "f": node(
            "f",
            "e",
            turn(
                "user",
                content={
                    "content_type": "multimodal_text",
                    "parts": [
                        {
                            "content_type": "image_asset_pointer",
                            "asset_pointer": "file-service://file-AbCdEf123",
                        },
                        "And w12?",
                    ],
                },
            ),
        ),
        "g": node("g", "f", turn("assistant", content={"content_type": "new_kind", "x": "w13"})),
    },
}

CLAUDE_AI = whole(
    [
        {
            "uuid": "0f0e0d0c-1111-2222-3333-444444444444",
            "name": "Sea w01",
            "created_at": "2025-03-04T08:00:00.000000Z",
            "chat_messages": [
                {
                    "uuid": "m1",
                    "sender": "human",
                    "text": "What is\nw02?",
                    "content": [{"type": "text", "text": "What is\nw02?"}],
                    "created_at": "2025-03-04T08:00:01Z",
                    "attachments": [
                        {"file_name": "w03.txt", "file_size": 9, "extracted_content": "long w04"}
                    ],
                    "files": [{"file_name": "w05.png"}],
                },
                {
                    "uuid": "m2",
                    "sender": "assistant",
                    "text": "ignored: the parts are preferred",
                    "content": [
                        {"type": "thinking", "thinking": "w06"},
                        {"type": "text", "text": "It is **w07**"},
                        {"type": "tool_use", "name": "artifacts", "input": {"content": "w08\nw09"}},
                        {"type": "tool_result", "content": [{"type": "text", "text": "OK w10"}]},
                    ],
                    "created_at": "2025-03-04T08:00:09Z",
                },
            ],
        },
        {"uuid": "e", "name": "", "chat_messages": []},
    ]
)

MESSAGES: dict[str, object] = {
    "messages": [
        {"role": "system", "content": "Be w01"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "How deep\nis w02?"},
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "reasoning_content": "w03",
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "depth", "arguments": '{"place": "w04"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "w05 m"},
        {"role": "assistant", "name": "Plumb", "content": "It is w06."},
        {"role": "tool", "tool_call_id": "nobody's", "content": "w07"},
    ],
    "tools": [{"type": "function", "function": {"name": "w08"}}],
    "source": "w09",
}

TWIN: dict[str, Any] = {
    "model_a": "Wren w01",
    "model_b": "Orrery",
    "initial_message": " ",
    "messages": [
        {"role": "user", "content": " ", "speaker": "Wren w01"},
        {"role": "assistant", "content": "Hello w02", "speaker": "Orrery"},
        {"role": "assistant", "content": "# w03\n\n<b>w04</b>", "speaker": "Wren w01"},
    ],
}

ROUNDS = {
    "started_at": "2025-03-04T09:00:00Z",
    "participants": {"role1": "Wren", "role2": "Orrery"},
    "messages": [
        [
            {"role": "role1", "model": "wren-2", "content": "w01"},
            {"role": "role2", "content": "w02"},
        ],
        [{"role": "role1", "content": "w03"}],
    ],
}

SHAREGPT = {
    "id": "one",
    "conversations": [
        {"from": "system", "value": "w01"},
        {"from": "human", "value": "w02\nand"},
        {"from": "gpt", "value": "w03"},
        {"from": "function_call", "value": '{"name": "w04"}'},
        {"from": "observation", "value": "w05"},
        {"from": "Marlin", "value": "w06"},
    ],
}


def item(kind: str, **payload: object) -> dict[str, object]:
    """A line of Codex."""
    at = "2025-03-04T09:00:00.000Z"
    return {"timestamp": at, "type": "response_item", "payload": {"type": kind, **payload}}


CODEX = lines(
    {
        "timestamp": "2025-03-04T09:00:00.000Z",
        "type": "session_meta",
        "payload": {"id": "x", "cwd": "/w01", "cli_version": "0.1", "instructions": "Be w02"},
    },
    {"type": "turn_context", "payload": {"model": "gpt-x-codex"}},
    item(
        "message",
        role="user",
        content=[{"type": "input_text", "text": "<environment_context>w03</environment_context>"}],
    ),
    item("message", role="user", content=[{"type": "input_text", "text": "Mend\nw04"}]),
    {"type": "event_msg", "payload": {"type": "user_message", "message": "Mend\nw04"}},
    item("reasoning", summary=[{"type": "summary_text", "text": "w05"}], encrypted_content="z"),
    item("function_call", name="shell", arguments='{"command": ["cat", "w06"]}', call_id="k"),
    item(
        "function_call_output",
        call_id="k",
        output='{"output": "w07", "metadata": {"exit_code": 1}}',
    ),
    item("message", role="assistant", content=[{"type": "output_text", "text": "Mended w08"}]),
    item("something_new", word="w09"),
    {"type": "event_msg", "payload": {"type": "turn_aborted", "reason": "interrupted"}},
)

PI = lines(
    {
        "type": "session",
        "version": 3,
        "id": "q",
        "cwd": "/w01",
        "timestamp": "2025-03-04T09:00:00Z",
    },
    {"type": "session_info", "id": "i", "name": "Bells w02"},
    {
        "type": "message",
        "id": "1",
        "parentId": None,
        "timestamp": "2025-03-04T09:00:01Z",
        "message": {"role": "user", "content": [{"type": "text", "text": "Ring\nw03"}]},
    },
    {
        "type": "message",
        "id": "2",
        "parentId": "1",
        "message": {
            "role": "assistant",
            "model": "bell-1",
            "content": [
                {"type": "thinking", "thinking": "w04"},
                {"type": "text", "text": "I read w05."},
                {"type": "toolCall", "id": "t", "name": "read", "arguments": {"path": "w06"}},
            ],
        },
    },
    {
        "type": "message",
        "id": "3",
        "parentId": "2",
        "message": {
            "role": "toolResult",
            "toolCallId": "t",
            "content": [{"type": "text", "text": "w07"}],
            "isError": True,
        },
    },
    {"type": "compaction", "id": "4", "parentId": "3", "summary": "w08"},
    {
        "type": "message",
        "id": "5",
        "parentId": "1",
        "message": {"role": "user", "content": "Again w09"},
    },
)

GEMINI = whole(
    {
        "sessionId": "s",
        "startTime": "2025-03-04T09:00:00Z",
        "messages": [
            {"type": "user", "content": "List\nw01", "timestamp": "2025-03-04T09:00:00Z"},
            {
                "type": "gemini",
                "model": "gemini-x",
                "content": "Here is w02",
                "thoughts": [{"subject": "w03", "description": "w04"}],
                "toolCalls": [
                    {
                        "id": "t",
                        "name": "ls",
                        "args": {"dir": "w05"},
                        "status": "error",
                        "result": [{"functionResponse": {"response": {"output": "w06"}}}],
                    }
                ],
            },
            {"type": "info", "content": "w07"},
        ],
    }
)

CURSOR = lines(
    {"role": "user", "message": {"content": [{"type": "text", "text": "Why\nw01?"}]}},
    {
        "role": "assistant",
        "message": {
            "content": [
                {"type": "text", "text": "Because w02"},
                {"type": "tool_use", "name": "Read", "input": {"path": "w03"}},
            ]
        },
    },
)

COPILOT = whole(
    {
        "requesterUsername": "ada",
        "responderUsername": "GitHub Copilot",
        "requests": [
            {
                "message": {"text": "Where\nis w01?"},
                "timestamp": 1741080000000,
                "modelId": "gpt-x",
                "variableData": {"variables": [{"name": "w02.py"}]},
                "response": [
                    {"value": "In "},
                    {"kind": "inlineReference", "inlineReference": {"path": "/src/w03.py"}},
                    {"value": ", w04."},
                    {
                        "kind": "toolInvocationSerialized",
                        "toolId": "search",
                        "pastTenseMessage": {"value": "Searched w05"},
                    },
                    {"kind": "textEditGroup", "edits": [{"text": "w06"}]},
                ],
                "result": {"errorDetails": {"message": "w07"}},
            }
        ],
    }
)

SAMPLES: Mapping[str, tuple[str, bytes]] = {
    "claude-code": ("session.jsonl", CLAUDE_CODE),
    "chatgpt": ("conversations.json", whole([CHATGPT_CONVERSATION])),
    "chatgpt-one": ("knots.json", whole(CHATGPT_CONVERSATION)),
    "claude-ai": ("conversations.json", CLAUDE_AI),
    "messages": ("chat.json", whole(MESSAGES)),
    "messages-lines": ("chats.jsonl", lines(MESSAGES, MESSAGES)),
    "messages-bare": ("chat.jsonl", lines(*MESSAGES["messages"])),  # type: ignore[misc]
    "twin": ("wren_vs_orrery.json", whole(TWIN)),
    "rounds": ("rounds.json", whole(ROUNDS)),
    "sharegpt": ("share.json", whole([SHAREGPT, SHAREGPT])),
    "codex": ("rollout.jsonl", CODEX),
    "pi": ("pi.jsonl", PI),
    "gemini-cli": ("session.json", GEMINI),
    "cursor": ("cursor.jsonl", CURSOR),
    "vscode-copilot": ("chat.json", COPILOT),
}
"""Name to the file's name and bytes."""
