"""template_references.py FOLDER: what transformers' template engine makes of chat templates.

FOLDER holds *.jinja and conversations.json; every template renders every conversation, into rendered.json beside them.
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import jinja2
from transformers.utils.chat_template_utils import _compile_jinja_template

NOW = datetime(2026, 3, 5, 14, 7, 9)  # the test binds its clock to the same


def main(folder: Path) -> None:
    conversations = json.loads((folder / "conversations.json").read_text(encoding="utf-8"))
    lines = [{"template": file.stem, "conversation": number, **rendered(file, conversation)}
             for file in sorted(folder.glob("*.jinja")) for number, conversation in enumerate(conversations)]
    text = ",\n".join(json.dumps(line, ensure_ascii=True) for line in lines)
    (folder / "rendered.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")
    print(f"{len(lines)} renderings, {sum('refused' in line for line in lines)} refused")


def rendered(file: Path, conversation: dict) -> dict:
    template = _compile_jinja_template(file.read_text(encoding="utf-8"))
    try:
        return {"rendered": template.render(
            messages=conversation["messages"], add_generation_prompt=conversation["addGenerationPrompt"],
            bos_token="<s>", eos_token="</s>", strftime_now=NOW.strftime, **conversation["variables"])}
    except jinja2.TemplateError as refusal:
        return {"refused": str(refusal)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
