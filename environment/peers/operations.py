"""operations.py: single operations of torch as a server of one benchmark, one JSON line in and one out.

  {"do": "hello", "threads": 2}
      -> {"threads", "torch"}
  {"do": "prepare", "kind": KIND, "dtype": "f32"|"bf16", ..., "expected": FILE}
      -> {"ways": {NAME: seconds}, "way": the fastest of them, "deviation": of that way}
  {"do": "time", "bursts": 20, "calls": 10}
      -> {"seconds": [of one call of each burst of so many calls in a row]}

KIND and its numbers: product (rows, inputs, outputs, copies of the weight), rms_norm, softmax, gated (rows, width),
rotary (rows, heads, head_width), attention and eager (positions, heads, key_value_heads, head_width). Inputs are not
sent: both sides compute them, see `noise`. FILE receives the result in F32, computed in F64 from the same inputs; of a
product only up to 16 rows, evenly spread. The deviation is the largest difference to that, relative to the largest
value.

Where torch has several ways to do a thing all are timed once and the fastest competes.
"""

import time

import torch
import torch.nn.functional as F

from serving import serve

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}
CHECKED_ROWS = 16
EPSILON = 1e-5
THETA = 10000.0


def noise(seed: int, *shape: int) -> torch.Tensor:
    """Numbers in [-1, 1) with 23 bits, a hash of their place: the same on both sides and exact in F32."""
    count = torch.Size(shape).numel()
    x = (torch.arange(count, dtype=torch.int64) + seed * 0x9E3779B9) & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & 0xFFFFFFFF
    x = ((x ^ (x >> 15)) * 0x846CA68B) & 0xFFFFFFFF
    x = x ^ (x >> 16)
    return ((x >> 9).float() / 2**22 - 1).reshape(shape)


class Case:
    """A job: its ways by name, each a function of the number of the call, and the result in F64."""

    def __init__(self, ways: dict, expected):
        self.ways = ways
        self.expected = expected
        self.way = None

    def rows(self, result: torch.Tensor) -> torch.Tensor:
        return result


class Product(Case):
    def __init__(self, dtype, rows: int, inputs: int, outputs: int, copies: int):
        x = noise(1, rows, inputs).to(dtype)
        weight = noise(2, outputs, inputs).to(dtype)
        weights = [weight] + [weight.clone() for _ in range(copies - 1)]
        count = min(rows, CHECKED_ROWS)
        self.checked = [row * rows // count for row in range(count)]
        super().__init__({"F.linear": lambda call: F.linear(x, weights[call % copies])},
                         lambda: x[self.checked].double() @ weight.double().T)

    def rows(self, result):
        return result[self.checked]


def rms_norm(dtype, rows: int, width: int) -> Case:
    x, gain = noise(1, rows, width).to(dtype), noise(2, width)
    own_gain = gain.to(dtype)

    def by_hand(_):  # as the models of transformers write it
        wide = x.to(torch.float32)
        return own_gain * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + EPSILON)).to(dtype)

    def expected():
        wide = x.double()
        return wide / (wide.pow(2).mean(-1, keepdim=True) + EPSILON).sqrt() * own_gain.double()

    return Case({"F.rms_norm": lambda _: F.rms_norm(x, (width,), own_gain, EPSILON), "formula": by_hand}, expected)


def softmax(dtype, rows: int, width: int) -> Case:
    x = (noise(1, rows, width) * 8).to(dtype)
    return Case({"F.softmax": lambda _: F.softmax(x, -1)}, lambda: F.softmax(x.double(), -1))


def gated(dtype, rows: int, width: int) -> Case:
    gate, up = (noise(1, rows, width) * 4).to(dtype), noise(2, rows, width).to(dtype)
    return Case({"F.silu(gate) * up": lambda _: F.silu(gate) * up,
                 "F.silu(gate).mul_(up)": lambda _: F.silu(gate).mul_(up)},
                lambda: F.silu(gate.double()) * up.double())


def rotary(dtype, rows: int, heads: int, head_width: int) -> Case:
    x = noise(1, 1, rows, heads * head_width).to(dtype).view(1, rows, heads, head_width)
    half = head_width // 2
    frequencies = THETA ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.outer(torch.arange(rows, dtype=torch.float64), frequencies)  # [rows, half]
    cosine, sine = (torch.cat([f(angles)] * 2, -1).to(dtype).view(1, rows, 1, head_width)
                    for f in (torch.cos, torch.sin))
    turned = x.transpose(1, 2)  # [1, heads, rows, head_width], as the models of transformers turn it
    wide_cosine, wide_sine = cosine.transpose(1, 2), sine.transpose(1, 2)
    short_cosine, short_sine = cosine[..., :half].contiguous(), sine[..., :half].contiguous()

    def turn(values, cosines, sines):
        return values * cosines + torch.cat((-values[..., half:], values[..., :half]), -1) * sines

    def by_halves(_):
        out = torch.empty_like(x)
        first, second = x[..., :half], x[..., half:]
        torch.mul(first, short_cosine, out=out[..., :half]).addcmul_(second, short_sine, value=-1)
        torch.mul(second, short_cosine, out=out[..., half:]).addcmul_(first, short_sine)
        return out

    def expected():
        cosines, sines = (f(angles).float().double().view(1, rows, 1, half) for f in (torch.cos, torch.sin))
        if dtype == torch.bfloat16:
            cosines, sines = short_cosine.double(), short_sine.double()
        first, second = x.double()[..., :half], x.double()[..., half:]
        return torch.cat((first * cosines - second * sines, second * cosines + first * sines), -1)

    return Case({"formula of transformers": lambda _: turn(turned, wide_cosine, wide_sine).transpose(1, 2),
                 "halves in place": by_halves}, expected)


def heads_of(dtype, positions: int, heads: int, key_value_heads: int, head_width: int) -> list:
    """Query, key and value as a model has them: [1, heads, positions, head_width], seen in a projection's rows."""
    def heads_in_rows(seed, count):
        rows = noise(seed, 1, positions, count * head_width).to(dtype)
        return rows.view(1, positions, count, head_width).transpose(1, 2)

    return [heads_in_rows(seed, count)
            for seed, count in ((1, heads), (2, key_value_heads), (3, key_value_heads))]


def pattern_of(query, key, scale: float) -> torch.Tensor:
    positions = query.shape[2]
    hidden = torch.full((positions, positions), -torch.inf, dtype=query.dtype).triu(1)
    return F.softmax(query @ key.transpose(2, 3) * scale + hidden, -1)


def attention(dtype, positions: int, heads: int, key_value_heads: int, head_width: int) -> Case:
    query, key, value = heads_of(dtype, positions, heads, key_value_heads, head_width)
    whole = [part.contiguous() for part in (query, key, value)]
    group, scale = heads // key_value_heads, head_width ** -0.5
    call = F.scaled_dot_product_attention

    def result(wide):
        return wide.transpose(1, 2).reshape(positions, heads * head_width)

    def expected():
        wide_key, wide_value = (part.double().repeat_interleave(group, 1) for part in (key, value))
        return result(pattern_of(query.double(), wide_key, scale) @ wide_value)

    def attend(*parts):
        return result(call(*parts, is_causal=True, enable_gqa=True))

    return Case({"SDPA on the projections": lambda _: attend(query, key, value),
                 "SDPA, one head after another": lambda _: attend(*whole)}, expected)


def eager(dtype, positions: int, heads: int, key_value_heads: int, head_width: int) -> Case:
    """The pattern kept: matmul, mask, softmax, matmul, as the eager attention of transformers."""
    query, key, value = heads_of(dtype, positions, heads, key_value_heads, head_width)
    group, scale = heads // key_value_heads, head_width ** -0.5
    hidden = torch.full((positions, positions), -torch.inf, dtype=dtype).triu(1)
    kept = {}

    def repeated(part):
        return part[:, :, None].expand(1, key_value_heads, group, positions, head_width).reshape(
            1, heads, positions, head_width)

    def run(_):
        scores = torch.matmul(query, repeated(key).transpose(2, 3)) * scale + hidden
        pattern = F.softmax(scores, -1, dtype=torch.float32).to(dtype)
        kept["pattern"] = pattern
        mixed = torch.matmul(pattern, repeated(value))
        return mixed.transpose(1, 2).reshape(positions, heads * head_width)

    def expected():
        wide_key, wide_value = (part.double().repeat_interleave(group, 1) for part in (key, value))
        wide = pattern_of(query.double(), wide_key, scale) @ wide_value
        return wide.transpose(1, 2).reshape(positions, heads * head_width)

    return Case({"eager": run}, expected)


KINDS = {"product": Product, "rms_norm": rms_norm, "softmax": softmax, "gated": gated, "rotary": rotary,
         "attention": attention, "eager": eager}


class Server:
    """Holds the case in hand between requests."""

    def __init__(self):
        self.case = None

    def hello(self, threads: int) -> dict:
        torch.set_num_threads(threads)
        return {"threads": torch.get_num_threads(), "torch": torch.__version__}

    def prepare(self, kind: str, dtype: str, expected: str, **numbers: int) -> dict:
        self.case = None  # its memory goes before that of the next comes
        case = KINDS[kind](DTYPES[dtype], **numbers)
        right = case.expected()
        right.float().contiguous().numpy().tofile(expected)
        spans = {name: self.span(way) for name, way in case.ways.items()}
        case.way = min(spans, key=spans.get)
        result = case.rows(case.ways[case.way](0)).double()
        deviation = ((result.reshape(-1) - right.reshape(-1)).abs().max() / right.abs().max()).item()
        self.case = case
        return {"ways": spans, "way": case.way, "deviation": deviation}

    @staticmethod
    def span(way) -> float:
        way(0)
        began, calls = time.perf_counter(), 0
        while calls < 3 or time.perf_counter() - began < 0.1:
            way(calls)
            calls += 1
        return (time.perf_counter() - began) / calls

    def time(self, bursts: int, calls: int) -> dict:
        way, seconds = self.case.ways[self.case.way], []
        for burst in range(bursts):
            began = time.perf_counter()
            for call in range(burst * calls, burst * calls + calls):
                way(call)
            seconds.append((time.perf_counter() - began) / calls)
        return {"seconds": seconds}


def main() -> None:
    server = Server()
    with torch.inference_mode():
        serve({"hello": server.hello, "prepare": server.prepare, "time": server.time})


if __name__ == "__main__":
    main()
