"""unigram_fixture.py RESOURCES: a small unigram model by sentencepiece 0.2.3, as GGUF and as tokenizer.json, with ids.

sentencepiece is in no lock of this repository; put it on PYTHONPATH to make the fixture anew.
"""

import json
import sys
import tempfile
from pathlib import Path

import gguf
import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SIZE = 400
# Which characters become which others: full width, ligatures, blanks, a composed letter, and one that goes.
RULES = {chr(0xFF21 + letter): chr(0x41 + letter) for letter in range(26)} | {
    "ﬁ": "fi", "½": "1/2", "\t": " ", "\n": " ", "\r": " ", "\u00a0": " ", "\u3000": " ",
    "e\u0301": "\u00e9", "\u200b": "",
    "\uff28\u0308": "H", "\u2460": "(1)"}
TEXTS = ["The microtome cuts  a thin slice", " two  blanks before 3 ", "", " ", "\n\n a\tb\r\n", "ＡＢＣ ﬁle ½ ①",
         "caf\u00e9 cafe\u0301", "zero\u200bwidth", "東京で猫🐈‍⬛ and 東", "<pad> text </s> <unk> <extra> x", "▁under▁bar",
         "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "don't WON'T", "\u3000wide\u3000\u3000blanks\u00a0", "a<extra>b",
         "residual stream attention pattern"]


def main(resources: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        processor = train(Path(scratch))
    pieces = [processor.id_to_piece(number) for number in range(SIZE)]
    scores = [processor.get_score(number) for number in range(SIZE)]
    charsmap = field(field(processor.serialized_model_proto(), 3), 2)
    write_gguf(resources / "unigram.gguf", processor, pieces, scores, charsmap)
    tokenizer = definition(pieces, scores, charsmap)
    tokenizer.save(str(resources / "unigram-charsmap.json"), pretty=False)
    as_text, parsed = encoded(tokenizer, True), encoded(tokenizer, False)
    lines = [{"text": text, "sentencepiece": processor.encode(text) + [1], "tokenizers": as_text[number],
              "parsed": parsed[number]} for number, text in enumerate(TEXTS)]
    body = ",\n".join(json.dumps(line) for line in lines)
    (resources / "unigram-expected.json").write_text(f"[\n{body}\n]\n", encoding="utf-8")


def encoded(tokenizer: Tokenizer, as_text: bool) -> list:
    tokenizer.encode_special_tokens = as_text
    return [tokenizer.encode(text).ids for text in TEXTS]


def train(scratch: Path) -> sentencepiece.SentencePieceProcessor:
    rules = scratch / "rules.tsv"
    rules.write_text("".join(f"{codes(source)}\t{codes(target)}\n" for source, target in sorted(RULES.items())))
    pages = Path(__file__).parents[2].rglob("*.md")
    corpus = [line for page in pages for line in page.read_text().splitlines() if line]
    (scratch / "corpus.txt").write_text("\n".join(sorted(corpus)))
    sentencepiece.SentencePieceTrainer.train(
        input=str(scratch / "corpus.txt"), model_prefix=str(scratch / "unigram"), model_type="unigram",
        vocab_size=SIZE, normalization_rule_tsv=str(rules), pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
        user_defined_symbols=["<extra>"], remove_extra_whitespaces=True, add_dummy_prefix=True, minloglevel=2)
    return sentencepiece.SentencePieceProcessor(model_file=str(scratch / "unigram.model"))


def codes(text: str) -> str:
    return " ".join(f"{ord(letter):X}" for letter in text)


def field(message: bytes, wanted: int) -> bytes:
    """A field of bytes in a message of protocol buffers, the last one with its number."""
    at, found = 0, b""
    while at < len(message):
        key, at = varint(message, at)
        if key & 7 == 2:
            length, at = varint(message, at)
            found = message[at:at + length] if key >> 3 == wanted else found
            at += length
        elif key & 7 == 0:
            _, at = varint(message, at)
        else:
            at += {1: 8, 5: 4}[key & 7]
    return found


def varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
        if message[at - 1] < 0x80:
            return value, at


def token_type(processor: sentencepiece.SentencePieceProcessor, number: int, piece: str) -> int:
    if processor.is_unknown(number):
        return gguf.TokenType.UNKNOWN
    if processor.is_control(number):
        return gguf.TokenType.CONTROL
    return gguf.TokenType.USER_DEFINED if piece == "<extra>" else gguf.TokenType.NORMAL


def write_gguf(file: Path, processor, pieces: list, scores: list, charsmap: bytes) -> None:
    writer = gguf.GGUFWriter(file, "t5")
    writer.add_tokenizer_model("t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(pieces)
    writer.add_token_scores(scores)
    writer.add_token_types([token_type(processor, number, piece) for number, piece in enumerate(pieces)])
    writer.add_remove_extra_whitespaces(True)
    writer.add_add_space_prefix(True)
    writer.add_precompiled_charsmap(charsmap)
    writer.add_pad_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(2)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def definition(pieces: list, scores: list, charsmap: bytes) -> Tokenizer:
    """As transformers converts T5: https://arxiv.org/abs/1910.10683 has the model."""
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores)), unk_id=2))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Precompiled(charsmap), normalizers.Strip(True, True), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in ("<pad>", "</s>", "<unk>")])
    tokenizer.add_tokens([AddedToken("<extra>", normalized=False)])
    return tokenizer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
