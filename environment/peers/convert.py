"""convert.py MODEL.gguf FOLDER: a Llama GGUF as float32 safetensors with the files that transformers reads.

transformers reads a GGUF itself, in 16 s, but cannot save what it read; so the benchmarks' peers get this folder.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

CONTROL = 3  # the token type of GGUF for tokens that are commands, not text

NAMES = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm",
}


class Gguf:
    """The metadata and tensors of a Llama GGUF file."""

    def __init__(self, file: Path):
        self.reader = GGUFReader(file)
        architecture = self["general.architecture"]
        if architecture != "llama":
            raise SystemExit(f"{file}: architecture {architecture}, this program converts llama only")

    def __getitem__(self, key: str):
        return self.reader.fields[key].contents()

    def get(self, key: str, default=None):
        return self[key] if key in self.reader.fields else default


def config(gguf: Gguf) -> dict:
    heads, width = gguf["llama.attention.head_count"], gguf["llama.embedding_length"]
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": "float32", "hidden_act": "silu",
        "hidden_size": width, "intermediate_size": gguf["llama.feed_forward_length"],
        "num_hidden_layers": gguf["llama.block_count"], "num_attention_heads": heads,
        "num_key_value_heads": gguf["llama.attention.head_count_kv"], "head_dim": width // heads,
        "max_position_embeddings": gguf["llama.context_length"],
        "rms_norm_eps": gguf["llama.attention.layer_norm_rms_epsilon"],
        "rope_parameters": {"rope_type": "default", "rope_theta": gguf["llama.rope.freq_base"]},
        "vocab_size": len(gguf["tokenizer.ggml.tokens"]),
        "tie_word_embeddings": all(tensor.name != "output.weight" for tensor in gguf.reader.tensors),
        "bos_token_id": gguf["tokenizer.ggml.bos_token_id"], "eos_token_id": gguf["tokenizer.ggml.eos_token_id"],
    }


def weights(gguf: Gguf) -> dict[str, np.ndarray]:
    heads = {"attn_q": gguf["llama.attention.head_count"], "attn_k": gguf["llama.attention.head_count_kv"]}
    converted = {}
    for tensor in gguf.reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        kind = tensor.name.split(".")[-2]
        if kind in heads:
            values = halves_apart(values, heads[kind])
        converted[name_of(tensor.name)] = np.ascontiguousarray(values)
    return converted


def halves_apart(rows: np.ndarray, heads: int) -> np.ndarray:
    """GGUF keeps the two halves of a rotary pair side by side, transformers keeps first halves before second ones."""
    pairs = rows.reshape(heads, -1, 2, rows.shape[1])
    return pairs.swapaxes(1, 2).reshape(rows.shape)


def name_of(name: str) -> str:
    if name in NAMES:
        return NAMES[name]
    _, layer, kind, ending = name.split(".")
    return f"model.layers.{layer}.{NAMES[kind]}.{ending}"


def tokenizer(gguf: Gguf) -> Tokenizer:
    tokens = gguf["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in gguf["tokenizer.ggml.merges"]]
    made = Tokenizer(models.BPE({token: number for number, token in enumerate(tokens)}, merges))
    split = [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    if gguf.get("tokenizer.ggml.pre") == "smollm":  # every digit apart, then the pattern of GPT-2
        split.insert(0, pre_tokenizers.Digits(individual_digits=True))
    made.pre_tokenizer = pre_tokenizers.Sequence(split)
    made.decoder = decoders.ByteLevel()
    types = gguf["tokenizer.ggml.token_type"]
    made.add_special_tokens([AddedToken(token, special=True, normalized=False)
                             for token, kind in zip(tokens, types) if kind == CONTROL])
    return made


def tokenizer_config(gguf: Gguf) -> dict:
    tokens = gguf["tokenizer.ggml.tokens"]
    named = {role: tokens[gguf[f"tokenizer.ggml.{key}_token_id"]]
             for role, key in (("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"))
             if f"tokenizer.ggml.{key}_token_id" in gguf.reader.fields}
    return {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False,
            "model_max_length": gguf["llama.context_length"], "chat_template": gguf.get("tokenizer.chat_template"),
            **named}


def main(source: Path, folder: Path) -> None:
    gguf = Gguf(source)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    save_file(weights(gguf), part / "model.safetensors", metadata={"format": "pt"})
    (part / "config.json").write_text(json.dumps(config(gguf), indent=1))
    tokenizer(gguf).save(str(part / "tokenizer.json"))
    (part / "tokenizer_config.json").write_text(json.dumps(tokenizer_config(gguf), indent=1))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
