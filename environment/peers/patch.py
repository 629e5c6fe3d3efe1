"""patch.py FOLDER: activation patching in TransformerLens as a server of one benchmark, one JSON line in and one out.

  {"do": "load", "threads": 2} -> {"seconds", "threads", "torch", "transformers", "transformer_lens"}
  {"do": "patch", "clean": [...], "corrupt": [...], "answers": [a, b]} -> {"seconds", "grid"}

grid[block][position] is logits[a] - logits[b] after the last token of the corrupt prompt, with the clean prompt's
residual stream before that block put in at that position, by transformer_lens.patching.get_act_patch_resid_pre.
seconds is everything from the tokens on: the clean run with its cache of the streams alone, and the grid. Weights
are those of the folder, in F32, not folded.
"""

import importlib.metadata
import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TQDM_DISABLE="1")

import torch  # noqa: E402
import transformers  # noqa: E402

from serving import serve  # noqa: E402


class Server:
    """Holds the loaded model between requests."""

    def __init__(self, folder: str):
        self.folder = folder
        self.model = None

    def load(self, threads: int = 2) -> dict:
        from transformer_lens.model_bridge import TransformerBridge

        torch.set_num_threads(threads)
        began = time.perf_counter()
        plain = transformers.AutoModelForCausalLM.from_pretrained(
            self.folder, dtype=torch.float32, attn_implementation="eager").eval()
        tokenizer = transformers.AutoTokenizer.from_pretrained(self.folder)
        self.model = TransformerBridge.boot_transformers(
            self.folder, hf_model=plain, tokenizer=tokenizer, dtype=torch.float32, device="cpu")
        self.model.requires_grad_(False)
        return {"seconds": time.perf_counter() - began, "threads": torch.get_num_threads(),
                "torch": torch.__version__, "transformers": transformers.__version__,
                "transformer_lens": importlib.metadata.version("transformer-lens")}

    def patch(self, clean: list, corrupt: list, answers: list) -> dict:
        from transformer_lens import patching

        def difference(logits: torch.Tensor) -> torch.Tensor:
            return logits[0, -1, answers[0]] - logits[0, -1, answers[1]]

        with torch.inference_mode():
            began = time.perf_counter()
            _, cache = self.model.run_with_cache(
                torch.tensor([clean]), names_filter=lambda name: name.endswith("hook_resid_pre"))
            grid = patching.get_act_patch_resid_pre(self.model, torch.tensor([corrupt]), cache, difference)
            seconds = time.perf_counter() - began
        return {"seconds": seconds, "grid": grid.tolist()}


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    server = Server(sys.argv[1])
    serve({"load": server.load, "patch": server.patch})


if __name__ == "__main__":
    main()
