"""token_references.py SMOLLM2.gguf MINILM_FOLDER RESOURCES: what the tokenizers library makes of the mixed lines.

Reads mixed-unicode.json in the folder of test resources and writes mixed-unicode-expected.json beside it: for each
tokenizer, with special tokens in a text kept as text and with them parsed, the SHA-256 of every 100 lines, how many
lines are refused, and the ids of the first 200 lines.
"""

import hashlib
import json
import sys
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

import convert
import mixed_unicode

GROUP = 100
SHOWN = 200


def main(smollm2: Path, minilm: Path, resources: Path) -> None:
    lines = mixed_unicode.lines(resources / "mixed-unicode.json")
    small = convert.tokenizer(convert.Gguf(smollm2))
    words = Tokenizer.from_file(str(minilm / "tokenizer.json"))
    words.no_padding()
    words.no_truncation()
    expected = {
        "tokenizers": tokenizers.__version__,
        "lines": sha256("\n".join(lines)),
        "characters": sum(map(len, lines)),
        "smollm2": both(small, lines, described_by_ids, absent_bytes(small)),
        "minilm": both(words, lines, described_with_places, frozenset()),
    }
    text = json.dumps(expected, separators=(",", ":")).replace("],[", "],\n[").replace('","', '",\n"')
    (resources / "mixed-unicode-expected.json").write_text(text + "\n", encoding="utf-8")
    for name in ("smollm2", "minilm"):
        print(name, {kind: {key: expected[name][kind][key] for key in ("refused", "tokens", "unknown")}
                     for kind in ("text", "parse")})


def both(tokenizer: Tokenizer, lines: list[str], described, absent: frozenset) -> dict:
    result = {}
    for kind, as_text in (("text", True), ("parse", False)):
        tokenizer.encode_special_tokens = as_text
        encodings = [None if lacks(line, absent) else tokenizer.encode(line) for line in lines]
        texts = [refused(line, absent) if encoding is None else described(line, encoding)
                 for line, encoding in zip(lines, encodings)]
        unknown = tokenizer.token_to_id("[UNK]")
        kept = [encoding for encoding in encodings if encoding is not None]
        result[kind] = {
            "refused": sum(encoding is None for encoding in encodings),
            "tokens": sum(len(encoding.ids) for encoding in kept),
            "unknown": sum(encoding.ids.count(unknown) for encoding in kept),
            "sha256": [sha256("\n".join(texts[at:at + GROUP])) for at in range(0, len(lines), GROUP)],
            "first": texts[:SHOWN] if as_text else [],
        }
    return result


def absent_bytes(tokenizer: Tokenizer) -> frozenset:
    """Bytes that valid UTF-8 may have and no token stands for; the library drops them and says nothing."""
    vocabulary = tokenizer.get_vocab()
    return frozenset(value for value, letter in byte_letters().items() if letter not in vocabulary)


def byte_letters() -> dict[int, str]:
    """The printable character that stands for each byte: GPT-2's table, built from its rule."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [value for value in range(256) if value not in printable]
    return {value: chr(value) for value in printable} | {value: chr(256 + at) for at, value in enumerate(others)}


def lacks(line: str, absent: frozenset) -> bool:
    return any(value in absent for value in line.encode())


def refused(line: str, absent: frozenset) -> str:
    """The first character that cannot be read, and its place in UTF-16, as a Java error says it."""
    at = next(at for at, letter in enumerate(line) if lacks(letter, absent))
    return f"U+{ord(line[at]):04X} at index {len(line[:at].encode('utf-16-le')) // 2}"


def described_by_ids(line: str, encoding) -> str:
    return ",".join(map(str, encoding.ids))


def described_with_places(line: str, encoding) -> str:
    """Ids and where they lie, in bytes of UTF-8; tokens around a text lie at its ends."""
    starts = [0]
    for letter in line:
        starts.append(starts[-1] + len(letter.encode()))
    places = [(starts[first], starts[last]) for first, last in encoding.offsets]
    places[0], places[-1] = (0, 0), (places[-2][1] if len(places) > 2 else 0,) * 2
    return described_by_ids(line, encoding) + ";" + ",".join(f"{first}-{last}" for first, last in places)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
