"""Invented conversation text: pseudo-words under a Zipf law, in the Markdown that chats have.

No real transcript may be shipped, and lorem ipsum would flatter the tools: it has no code,
no lists and no mathematics. The rates of bold, italics, lists and hard breaks follow a real
archive. The order of the random draws is part of the corpus: a change here changes every
text, and figures from before and after can no longer be compared.
"""

from __future__ import annotations

import itertools
import random

__all__ = ["LANGUAGES", "Writer"]

FUNCTION_WORDS = """the of and to a in is that it for as with not on this be are by
an or but from at if which they you we can what there has have was when so no do
more will would about than only its into over just because how then some any each
your I my their our other between does may could should where most such like also
both out up these those same without rather even still very one two first""".split()  # noqa: SIM905 (a list of words reads worse)

ONSETS = "b br c cl d dr f fl g gr h j k l m n p pl pr qu r s sc sh sp st t tr th v w z".split()  # noqa: SIM905
NUCLEI = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "ie", "oo", "ou", "io"]
CODAS = ["", "", "", "n", "r", "l", "s", "t", "m", "nd", "st", "ck", "ng", "ve", "tion", "ly"]

LANGUAGES = ("python", "js", "bash", "json", "rust")
SHARES = (40, 20, 15, 13, 12)
"""How often each language is fenced, in per cent."""


def make_vocabulary(size: int = 6000) -> tuple[list[str], list[float]]:
    """Words and their cumulative Zipf weights; the same in every run."""
    rng = random.Random("vocabulary")
    seen = set(FUNCTION_WORDS)
    words = list(FUNCTION_WORDS)
    while len(words) < size:
        word = "".join(
            rng.choice(ONSETS) + rng.choice(NUCLEI) + rng.choice(CODAS)
            for _ in range(rng.choice((1, 1, 2, 2, 2, 3)))
        )
        if 2 < len(word) < 12 and word not in seen:
            seen.add(word)
            words.append(word)
    weights = [1.0 / (rank + 8) for rank in range(len(words))]
    return words, list(itertools.accumulate(weights))


WORDS, CUMULATIVE = make_vocabulary()
CONTENT_WORDS = WORDS[len(FUNCTION_WORDS) : 2500]


class Writer:
    """Writes Markdown out of one seeded generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.coders = {
            "python": self._python,
            "js": self._js,
            "bash": self._bash,
            "json": self._json,
            "rust": self._rust,
        }

    def message(self, is_model: bool) -> str:
        """One message; the person writes short, the model long, by two log-normal laws."""
        rng = self.rng
        size = rng.lognormvariate(5.2 if is_model else 4.0, 1.35)
        size = min(5000.0, max(1.0, size))
        has_code = rng.random() < (0.25 if is_model else 0.05)
        if size < 45 and not has_code:
            return self._short()
        blocks: list[str] = []
        length = 0
        while length < size:
            block = self._block(size - length, is_first=not blocks)
            blocks.append(block)
            length += len(block) + 2
        if has_code:
            for _ in range(1 if rng.random() < 0.75 else 2):
                blocks.insert(rng.randint(1, len(blocks)), self.fence())
        return "\n\n".join(blocks)

    def phrase(self, low: int = 1, high: int = 4) -> str:
        """A few words."""
        return " ".join(self._words(self.rng.randint(low, high)))

    def fence(self) -> str:
        """A fenced block of code in one of five languages."""
        language = self.rng.choices(LANGUAGES, SHARES)[0]
        lines = min(60, max(5, int(self.rng.lognormvariate(2.7, 0.6))))
        return f"```{language}\n" + "\n".join(self._code(language, lines)) + "\n```"

    def _short(self) -> str:
        rng = self.rng
        return rng.choice(
            (
                ".",
                "Done.",
                "Yes.",
                "*—silence—*",
                "Good. Done.",
                "ok",
                "Acknowledged.",
                self.phrase(1, 4).capitalize() + ".",
                self.phrase(3, 7).capitalize() + "?",
            )
        )

    def _block(self, left: float, is_first: bool) -> str:
        rng = self.rng
        roll = rng.random()
        if roll < 0.74 or left < 120 or is_first:
            return self._paragraph(int(min(left, max(30, rng.gauss(260, 130)))))
        if roll < 0.83:
            return self._bullets()
        if roll < 0.89:
            return self._numbered()
        if roll < 0.915:
            return self._nested()
        if roll < 0.94:
            return self._quote()
        if roll < 0.96:
            return self._table()
        if roll < 0.99:
            return "#### " + self.phrase(2, 6).capitalize()
        return self._display_math()

    def _words(self, count: int) -> list[str]:
        return self.rng.choices(WORDS, cum_weights=CUMULATIVE, k=count)

    def _name(self) -> str:
        return self.rng.choice(CONTENT_WORDS)

    def _inline(self) -> str:
        """One decorated span."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.20:
            return f"**{self.phrase(1, 5)}**"
        if roll < 0.56:
            return f"*{self.phrase(1, 4)}*"
        if roll < 0.80:
            return f"`{self._identifier()}`"
        if roll < 0.88:
            return f"[{self.phrase(1, 4)}](https://example.org/{self._name()}/{self._name()})"
        if roll < 0.91:
            return f"<https://example.org/{self._name()}>"
        if roll < 0.95:
            letter = self._name()[0]
            return f"${letter}_{rng.randint(1, 9)} = \\frac{{{rng.randint(1, 9)}}}{{n^2}}$"
        return f"“{self.phrase(2, 6)}”"

    def _sentence(self) -> str:
        rng = self.rng
        parts = self._words(max(3, int(rng.gauss(15, 6))))
        parts[0] = parts[0][:1].upper() + parts[0][1:]
        if rng.random() < 0.36:
            parts.insert(rng.randrange(1, len(parts)), self._inline())
        if len(parts) > 8 and rng.random() < 0.45:
            spot = rng.randrange(2, len(parts) - 2)
            aside = " (it’s " + self._name() + ")"
            parts[spot] += rng.choice((",", ",", ",", "—so", ";", ":", aside))
        return " ".join(parts) + rng.choice((".", ".", ".", ".", "?", "!", "…"))

    def _paragraph(self, size: int) -> str:
        joint = "  \n" if self.rng.random() < 0.25 else " "
        sentences = [self._sentence()]
        length = len(sentences[0])
        while length < size:
            sentences.append(self._sentence())
            length += len(sentences[-1]) + 1
        return joint.join(sentences)

    def _item(self) -> str:
        roll = self.rng.random()
        if roll < 0.35:
            return f"**{self.phrase(1, 3)}**: {self._sentence()}"
        if roll < 0.6:
            return self.phrase(2, 8)
        return self._sentence()

    def _bullets(self) -> str:
        return "\n".join(f"- {self._item()}" for _ in range(self.rng.randint(2, 6)))

    def _numbered(self) -> str:
        return "\n".join(f"{n}. {self._item()}" for n in range(1, self.rng.randint(3, 7)))

    def _nested(self) -> str:
        lines = []
        for n in range(1, self.rng.randint(3, 5)):
            lines.append(f"{n}. {self._item()}")
            lines += [f"    - {self._item()}" for _ in range(self.rng.randint(1, 3))]
        return "\n".join(lines)

    def _quote(self) -> str:
        return "\n>\n".join(f"> {self._sentence()}" for _ in range(self.rng.randint(1, 3)))

    def _table(self) -> str:
        columns = self.rng.randint(2, 5)
        rows = [[self._name().capitalize() for _ in range(columns)], ["---"] * columns]
        rows += [
            [
                self._inline() if self.rng.random() < 0.2 else self.phrase(1, 3)
                for _ in range(columns)
            ]
            for _ in range(self.rng.randint(2, 7))
        ]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)

    def _display_math(self) -> str:
        a, b = self._name()[0], self._name()[0]
        return f"$$\n{a} = \\sum_{{i=1}}^{{n}} {b}_i^{{{self.rng.randint(2, 5)}}}\n$$"

    def _identifier(self) -> str:
        rng = self.rng
        form = rng.random()
        if form < 0.5:
            return f"{self._name()}_{self._name()}"
        if form < 0.75:
            return f"{self._name()}.{self._name()}()"
        if form < 0.9:
            return self._name() + self._name().capitalize()
        return f"--{self._name()}={rng.randint(0, 99)}"

    def _variable(self) -> str:
        return self._name() if self.rng.random() < 0.6 else f"{self._name()}_{self._name()}"

    def _code(self, language: str, lines: int) -> list[str]:
        out: list[str] = []
        while len(out) < lines:
            if out and language != "json":
                out.append("")
            out += self.coders[language]()
        out = out[:lines]
        if language == "json":
            out = ["{"] + ["  " + line for line in out]
            out += [f'  "end": {self.rng.randint(0, 9)}', "}"]
        while out and not out[-1]:
            out.pop()
        return out

    def _python(self) -> list[str]:
        r, v, name = self.rng, self._variable, self._name
        f, a, b, c = v(), v(), v(), v()
        body = [
            f'    """{self._sentence()}"""',
            f'    {c} = [{a}.get("{name()}", {r.randint(0, 99)}) for {a} in {b} '
            f"if {a} is not None]",
            f"    for index, {a} in enumerate({c}):",
            f"        if {a} > {r.randint(1, 99)} and not {b}.{name()}:",
            f'            {b}[index] = f"{name()}: {{{a}!r}}"  # {self.phrase(2, 5)}',
            "            continue",
            f'        raise ValueError("{self.phrase(2, 5)}")',
            f'    with open({b} / "{name()}.txt", encoding="utf-8") as handle:',
            f'        {a} = handle.read().split("\\n")',
            f"    return sorted({c}, key=lambda item: (-item[{r.randint(0, 3)}], item))",
        ]
        head = [] if r.random() < 0.6 else [f"import {name()}", f"from {name()} import {v()}", ""]
        return [*head, f'def {f}({a}: dict[str, int], {b}: Path = Path(".")) -> list[str]:', *body]

    def _js(self) -> list[str]:
        r, v, name = self.rng, self._variable, self._name
        f, a, b = v(), v(), v()
        return [
            f"export async function {f}({a}, {{ {b} = {r.randint(0, 99)} }} = {{}}) {{",
            f"  const {v()} = await fetch(`https://example.org/${{{a}}}/{name()}`);",
            f"  // {self.phrase(3, 7)}",
            f"  if (!{a} || {b} === {r.randint(0, 9)}) {{",
            f"    throw new Error('{self.phrase(2, 5)}');",
            "  }",
            f"  return {a}.map((item) => ({{ ...item, {name()}: item.{name()} ?? null }}));",
            "}",
        ]

    def _bash(self) -> list[str]:
        r, name = self.rng, self._name
        a, b = name(), name()
        return [
            f"# {self.phrase(3, 7)}",
            f'{a.upper()}="${{{b.upper()}:-/var/lib/{name()}}}"',
            f'for file in "${a.upper()}"/*.{name()[:3]}; do',
            f'  if [[ -f "$file" && $(wc -l < "$file") -gt {r.randint(1, 500)} ]]; then',
            f"    grep -E '^{name()}[0-9]+' \"$file\" | sort -u "
            f"| head -n {r.randint(5, 50)} >> out.log",
            "  fi",
            "done",
            f'docker run --rm -p {r.randint(1000, 9000)}:80 -v "$PWD:/srv" '
            f"{name()}/{name()}:{r.randint(1, 9)}.{r.randint(0, 20)}",
        ]

    def _json(self) -> list[str]:
        r, name = self.rng, self._name
        return [
            f'"{name()}": {{',
            f'  "{name()}": [{r.randint(0, 999)}, {r.random():.4f}, null, true],',
            f'  "{name()}": "{self.phrase(2, 6)}",',
            f'  "{name()}": {{ "{name()}": false, "url": "https://example.org/{name()}" }}',
            "},",
        ]

    def _rust(self) -> list[str]:
        r, v, name = self.rng, self._variable, self._name
        f, a, b = v(), v(), v()
        kind = name().capitalize()
        return [
            "#[derive(Debug, Clone, PartialEq)]",
            f"pub struct {kind}<'a> {{",
            f"    {a}: &'a str,",
            f"    pub {b}: Option<Vec<u{r.choice((8, 16, 32, 64))}>>,",
            "}",
            "",
            f"impl<'a> {kind}<'a> {{",
            f"    /// {self.phrase(3, 8)}",
            f"    pub fn {f}(&self, limit: usize) -> Result<String, Box<dyn std::error::Error>> {{",
            f"        let {v()} = self.{b}.iter().flatten().take(limit)"
            f".map(|n| n * {r.randint(2, 9)}).sum::<u64>();",
            f"        match self.{a} {{",
            f'            "{name()}" => Ok(format!("{{:?}}", self)),',
            f'            _ => Err("{self.phrase(2, 4)}".into()),',
            "        }",
            "    }",
            "}",
        ]
