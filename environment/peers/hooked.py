"""hooked.py FOLDER LIBRARY: harvests in a library that puts hooks into models, as a server like harvest.py.

LIBRARY is transformer_lens or nnsight.

  {"do": "load", "dtype": "f32"|"bf16", "threads": 2} -> {"seconds", "threads", "version"}
  {"do": "harvest", "ids": [[...], ...], "logits": "all", "keep": FILE or null} -> {"seconds", "norms"}

A harvest is the embedding output and the residual stream after each block of every sequence, called as these libraries
are called: both compute logits, which neither can leave out. norms[l] is the Euclidean norm of all values of one state;
keep writes residual.0 ... residual.L-1 and final_norm, as harvest.py does. Weights are those of the folder, not folded.
"""

import importlib.metadata
import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TQDM_DISABLE="1")

import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from serving import serve  # noqa: E402

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}


class TransformerLens:
    """The bridge to models of transformers, with the cache of the residual streams alone."""

    def __init__(self, folder: str, plain, tokenizer, dtype: torch.dtype):
        from transformer_lens.model_bridge import TransformerBridge

        self.model = TransformerBridge.boot_transformers(
            folder, hf_model=plain, tokenizer=tokenizer, dtype=dtype, device="cpu")
        last = len(plain.model.layers) - 1
        self.names = [f"blocks.{block}.hook_in" for block in range(last + 1)] + [f"blocks.{last}.hook_out"]

    def states(self, tokens: torch.Tensor) -> list:
        wanted = set(self.names)
        _, cache = self.model.run_with_cache(tokens, names_filter=lambda name: name in wanted)
        return [cache[name] for name in self.names]


class NnSight:
    """A trace that saves what goes into every block and what comes out of the last."""

    def __init__(self, folder: str, plain, tokenizer, dtype: torch.dtype):
        from nnsight import TransformersModel

        self.model = TransformersModel(plain, tokenizer=tokenizer, task="text-generation")

    def states(self, tokens: torch.Tensor) -> list:
        layers = self.model.model.layers
        with self.model.trace(tokens):
            states = list().save()
            states.append(layers[0].input)
            for layer in layers:
                states.append(layer.output)
        return [state[0] if isinstance(state, tuple) else state for state in states]


LIBRARIES = {"transformer_lens": TransformerLens, "nnsight": NnSight}


class Server:
    """Holds the loaded model between requests."""

    def __init__(self, folder: str, library: str):
        self.folder = folder
        self.library = library
        self.norm = None
        self.hooked = None

    def load(self, dtype: str, threads: int = 2) -> dict:
        self.hooked = None  # its memory goes before that of the next comes
        torch.set_num_threads(threads)
        began = time.perf_counter()
        # TransformerLens computes attention in steps in any case; the other is called with its default.
        steps = {"attn_implementation": "eager"} if self.library == "transformer_lens" else {}
        plain = transformers.AutoModelForCausalLM.from_pretrained(self.folder, dtype=DTYPES[dtype], **steps).eval()
        plain.requires_grad_(False)
        tokenizer = transformers.AutoTokenizer.from_pretrained(self.folder)
        self.norm = plain.model.norm
        self.hooked = LIBRARIES[self.library](self.folder, plain, tokenizer, DTYPES[dtype])
        version = importlib.metadata.version(self.library.replace("_", "-"))
        return {"seconds": time.perf_counter() - began, "threads": torch.get_num_threads(), "version": version}

    def harvest(self, ids: list, logits: str = "all", keep: str | None = None) -> dict:
        tokens = torch.tensor(ids, dtype=torch.int64)
        with torch.inference_mode():
            began = time.perf_counter()
            states = self.hooked.states(tokens)
            seconds = time.perf_counter() - began
            if keep:
                names = [f"residual.{layer}" for layer in range(len(states) - 1)] + ["final_norm"]
                kept = [*states[:-1], self.norm(states[-1])]
                save_file({name: state.float().contiguous().clone() for name, state in zip(names, kept)}, keep)
            norms = [state.double().norm().item() for state in states]
        return {"seconds": seconds, "norms": norms}


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    server = Server(*sys.argv[1:])
    serve({"load": server.load, "harvest": server.harvest})


if __name__ == "__main__":
    main()
