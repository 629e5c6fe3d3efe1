"""The 10,000 lines of mixed Unicode on which tokenizers are compared; MixedUnicode.java makes the same ones.

Both read mixed-unicode.json for what lines are made of, and draw from it with SplitMix64, so that no line has to be
kept anywhere and none depends on the version of Unicode that a language knows.
"""

import json
from pathlib import Path

MASK = (1 << 64) - 1


class Chance:
    """SplitMix64 (Steele, Lea and Flood 2014)."""

    def __init__(self, seed: int):
        self.state = seed

    def below(self, bound: int) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return ((mixed ^ (mixed >> 31)) >> 33) % bound

    def one_of(self, choices):
        return choices[self.below(len(choices))]


class Lines:
    def __init__(self, parts: dict):
        self.parts = parts
        self.chance = Chance(parts["seed"])

    def all(self) -> list[str]:
        return [self.line() for _ in range(self.parts["lines"])]

    def line(self) -> str:
        text = ""
        for _ in range(1 + self.chance.below(12)):
            text += getattr(self, self.chance.one_of(self.parts["kinds"]))()
            text += " " if self.chance.below(4) > 0 else ""
        return text

    def word(self) -> str:
        word = self.chance.one_of(self.parts["words"])
        case = self.chance.below(6)
        if case == 0:  # ASCII only: what the capital of another letter is depends on the version of Unicode
            return "".join(chr(ord(letter) - 32) if "a" <= letter <= "z" else letter for letter in word)
        return word

    def script(self) -> str:
        first, last = self.chance.one_of(self.parts["scripts"])
        return "".join(chr(first + self.chance.below(last - first + 1)) for _ in range(1 + self.chance.below(10)))

    def number(self) -> str:
        zero = self.chance.one_of(self.parts["zeros"])
        return "".join(chr(zero + self.chance.below(10)) for _ in range(1 + self.chance.below(8)))

    def code(self) -> str:
        return self.chance.one_of(self.parts["code"])

    def punctuation(self) -> str:
        return self.chance.one_of(self.parts["punctuation"])

    def emoji(self) -> str:
        return self.chance.one_of(self.parts["emoji"])

    def combining(self) -> str:
        base = self.chance.one_of(self.parts["combining"])
        return base + "".join(chr(0x300 + self.chance.below(0x70)) for _ in range(1 + self.chance.below(4)))

    def blanks(self) -> str:
        return "".join(self.chance.one_of(self.parts["blanks"]) for _ in range(1 + self.chance.below(4)))

    def control(self) -> str:
        return self.chance.one_of(self.parts["controls"])

    def special(self) -> str:
        return self.chance.one_of(self.parts["special"])

    def any(self) -> str:
        code_point = self.chance.below(0x110000 if self.chance.below(4) == 0 else 0x20000)
        return "\ufffd" if 0xD800 <= code_point < 0xE000 else chr(code_point)

    def long(self) -> str:
        return self.chance.one_of(self.parts["long"]) * (90 + self.chance.below(40))


def lines(file: Path) -> list[str]:
    return Lines(json.loads(file.read_text(encoding="utf-8"))).all()
