"""minilm_references.py FOLDER RESOURCES: hidden states and embeddings of all-MiniLM-L6-v2 by transformers, in float32.

Writes expected.safetensors and expected.json. Every sentence is run alone, without padding; the same run in float64
gives the rounding noise that the README states.
"""

import json
import sys
from pathlib import Path

import tokenizers
import torch
import transformers
from safetensors.torch import save_file
from transformers import BertModel

SENTENCES = {
    "plain": "A microtome cuts a model into thin slices.",
    "mixed": "Zoë's CAFÉ in 東京: unbelievable, 3.14 🐈 naïveté!",
}


def main(folder: Path, resources: Path) -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model = BertModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    tensors, texts, noise = {}, {}, {}
    for name, sentence in SENTENCES.items():
        encoding = tokenizer.encode(sentence)
        ids = torch.tensor([encoding.ids])
        values = run(model.float(), ids)
        exact = run(model.double(), ids)
        texts[name] = {"text": sentence, "ids": encoding.ids, "tokens": encoding.tokens, "offsets": encoding.offsets}
        noise[name] = {key: float((value.double() - exact[key]).abs().max()) for key, value in values.items()}
        tensors[f"{name}.input_ids"] = ids[0].to(torch.int32)
        tensors |= {f"{name}.{key}": value.float().contiguous() for key, value in values.items()}
    save_file(tensors, resources / "expected.safetensors")
    about = {"transformers": transformers.__version__, "torch": torch.__version__,
             "tokenizers": tokenizers.__version__, "sentences": texts, "noise": noise}
    (resources / "expected.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(noise, indent=1))


def run(model: BertModel, ids: torch.Tensor) -> dict[str, torch.Tensor]:
    with torch.no_grad():
        output = model(ids, attention_mask=torch.ones_like(ids), output_hidden_states=True, output_attentions=True)
    mean = output.last_hidden_state[0].mean(0)
    return {
        "hidden": torch.stack(output.hidden_states)[:, 0],  # [7, positions, 384]: embeddings, then after each layer
        "pattern.0": output.attentions[0][0], "pattern.5": output.attentions[5][0],
        "embedding": mean / mean.norm(),  # what sentence-transformers gives: mean over all tokens, length 1
        "pooler": output.pooler_output[0],
    }


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
