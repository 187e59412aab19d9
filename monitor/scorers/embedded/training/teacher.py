"""The teacher: a fine-tuned encoder, whose scores the small network learns from.

    python -m monitor.scorers.embedded.training.teacher --data FILE --encoder FOLDER --out taught.csv.gz

A pretrained English encoder (all-MiniLM-L6-v2: 22 million parameters, Apache-2.0) learns the six labels
from the same rows as the model itself: the mean of its last layer, one layer on top, and an intercept a
source. Then it scores the comments of the sources whose labels mean something else, and those scores
are what the network is given as their labels. It never sees what is held out, nor one fold in four of
the wanted rows, on which it can be judged. It is no part of what runs: half an hour of one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, TypeAlias

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from monitor.domain.signals import LABELS
from monitor.scorers.embedded.training.holdout import FOLDS, PARTS, sides
from monitor.scorers.embedded.training.rows import Chosen, Numbers, Rows, read_rows, write_rows
from monitor.scorers.embedded.training.taught import ENGLISH, NEUTRAL, WANTED, neutral

Batch: TypeAlias = tuple[torch.Tensor, torch.Tensor]

PASSES: Final = 3
"""How often the wanted rows are seen; the others once in all, or the share of them that `SEEN` says."""

SEEN: Final[Mapping[str, float]] = {"DAVID": 0.4, "WDEB": 0.25, "TMPL": 0.6}
COUNTS: Final[Mapping[str, float]] = {"DAVID": 0.3, "MLMA": 0.5, "WDEB": 0.5, "TMPL": 0.5, NEUTRAL: 0.7}
"""What a row of a source counts in the loss; others count 1."""

_OF_POSITIVES: Final = (1.0, 2.0, 1.2, 3.0, 1.2, 1.5)
_LEARNT: Final = 96
"""Tokens that are read of a text that is learned from."""

_SCORED: Final = 160
_RATE: Final = 1.2e-4
_RATE_ON_TOP: Final = 1e-3
_WARM_UP: Final = 0.03
_DROPPED: Final = 0.1
_CHUNK: Final = 4800
_TOKENS: Final = 2000
_TEXTS: Final = 40
_CHARACTERS: Final = 1500


class Encoder(nn.Module):  # type: ignore[misc]  # torch says nothing of its types here
    """The encoder with a layer on top. `sources` number the intercepts."""

    def __init__(self, folder: Path, sources: Sequence[str]) -> None:
        super().__init__()
        from tokenizers import Tokenizer
        from transformers import AutoModel

        self.base: Any = AutoModel.from_pretrained(str(folder), attn_implementation="sdpa")
        self.top = nn.Linear(self.base.config.hidden_size, len(LABELS))
        self.intercepts = nn.Embedding(len(sources), len(LABELS))
        nn.init.zeros_(self.intercepts.weight)
        self.dropout = nn.Dropout(_DROPPED)
        self.tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return a row a text, without intercept."""
        states = self.base(input_ids=tokens, attention_mask=mask).last_hidden_state
        shares = mask.unsqueeze(-1).to(states.dtype)
        logits: torch.Tensor = self.top(self.dropout((states * shares).sum(1) / shares.sum(1)))
        return logits

    def encode(self, texts: Sequence[str], most: int) -> list[list[int]]:
        """Return the first tokens of each text."""
        self.tokenizer.enable_truncation(most)
        return [each.ids for each in self.tokenizer.encode_batch([text[:_CHARACTERS] for text in texts])]

    def freeze(self) -> None:
        """Leave what reads words as it is: the embeddings and the first layer."""
        frozen = [self.base.embeddings, self.base.encoder.layer[0], self.base.pooler]
        for parameter in (each for part in frozen if part is not None for each in part.parameters()):
            parameter.requires_grad = False


def teach(rows: Rows, folds: Numbers, folder: Path) -> Rows:
    """Return the English rows of the other sources, with the teacher's scores as their labels."""
    english = rows.languages == ENGLISH
    learnt = rows.where(english & ~((rows.sources == WANTED) & (folds == 0))).joined(neutral())
    names = [*sorted(set(rows.sources[english].tolist())), NEUTRAL]
    _same_every_time()
    encoder = Encoder(folder, names)
    encoder.freeze()
    _learn(encoder, learnt, names)
    others = rows.where(english & (rows.sources != WANTED))
    logits = _scores(encoder, others.texts) + encoder.intercepts.weight[names.index(WANTED)]
    return Rows(others.texts, logits.sigmoid().detach().numpy(), others.sources, others.languages)


def _same_every_time() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)


def _learn(encoder: Encoder, rows: Rows, names: Sequence[str]) -> None:
    trained = [each for each in encoder.parameters() if each.requires_grad]
    inner = [each for each in trained if each.dim() > 1 and each.shape[0] != len(LABELS)]
    outer = [each for each in trained if not (each.dim() > 1 and each.shape[0] != len(LABELS))]
    optimizer = torch.optim.AdamW([{"params": inner}, {"params": outer}], lr=1e-4, weight_decay=0.01)
    counts = torch.tensor([COUNTS.get(name, 1.0) for name in names])
    passes = _passes(rows, names)
    order = Random(0)  # noqa: S311 - the same order every time
    total, done = sum(map(len, passes)), 0
    encoder.train()
    for numbers in (batch for part in passes for batch in _batches(encoder, rows.texts, part, order)):
        for group, rate in zip(optimizer.param_groups, (_RATE, _RATE_ON_TOP), strict=True):
            group["lr"] = rate * min(1, done / total / _WARM_UP) * max(0.02, 1 - done / total)
        origins = torch.tensor([names.index(name) for name in rows.sources[numbers].tolist()])
        loss = _loss(encoder, rows, numbers, origins, counts)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        done += len(numbers)


def _loss(
    encoder: Encoder, rows: Rows, numbers: Numbers, origins: torch.Tensor, counts: torch.Tensor
) -> torch.Tensor:
    tokens, mask = _padded(encoder.encode([rows.texts[each] for each in numbers.tolist()], _LEARNT))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = encoder(tokens, mask) + encoder.intercepts(origins)
    labels = torch.tensor(rows.labels[numbers])
    weights = ~labels.isnan() * counts[origins][:, None]
    each = binary_cross_entropy_with_logits(
        logits.float(), labels.nan_to_num(), reduction="none", pos_weight=torch.tensor(_OF_POSITIVES)
    )
    return (each * weights).sum() / weights.sum()


def _passes(rows: Rows, names: Sequence[str]) -> list[Numbers]:
    """Return the rows of each pass: all wanted ones, and a part of the others."""
    drawn = np.random.default_rng(0)
    others = [
        _drawn(np.flatnonzero(rows.sources == name), SEEN.get(name, 1.0), drawn)
        for name in names
        if name != WANTED
    ]
    parts = np.array_split(drawn.permutation(np.concatenate(others)), PASSES)
    wanted = np.flatnonzero(rows.sources == WANTED)
    return [drawn.permutation(np.concatenate([part, wanted])) for part in parts]


def _drawn(numbers: Numbers, share: float, drawn: np.random.Generator) -> Numbers:
    return numbers if share == 1 else drawn.permutation(numbers)[: int(len(numbers) * share)]


def _batches(encoder: Encoder, texts: Sequence[str], numbers: Numbers, order: Random) -> Iterator[Numbers]:
    """Yield batches of texts of like length, in random order within each chunk."""
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        lengths = [len(each) for each in encoder.encode([texts[each] for each in part.tolist()], _LEARNT)]
        chunk = _by_length(lengths, _TOKENS, _TEXTS)
        order.shuffle(chunk)
        for batch in chunk:
            yield part[batch]


def _by_length(lengths: Sequence[int], tokens: int, texts: int) -> list[list[int]]:
    """Return places of texts, sorted by length, in batches of at most so many tokens and texts."""
    batches: list[list[int]] = [[]]
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        batches[-1].append(place)
        if (len(batches[-1]) + 1) * lengths[place] >= tokens or len(batches[-1]) >= texts:
            batches.append([])
    return [batch for batch in batches if batch]


def _padded(encoded: Sequence[Sequence[int]]) -> Batch:
    longest = max(map(len, encoded))
    tokens = torch.zeros(len(encoded), longest, dtype=torch.long)
    for row, each in enumerate(encoded):
        tokens[row, : len(each)] = torch.tensor(each)
    lengths = torch.tensor([len(each) for each in encoded])
    return tokens, (torch.arange(longest) < lengths[:, None]).long()


def _scores(encoder: Encoder, texts: Sequence[str]) -> torch.Tensor:
    encoder.eval()
    encoded = encoder.encode(texts, _SCORED)
    logits = torch.zeros(len(texts), len(LABELS))
    for batch in _by_length([len(each) for each in encoded], 2 * _TOKENS, 2 * _TEXTS):
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits[batch] = encoder(*_padded([encoded[place] for place in batch])).float()
    return logits


def main() -> None:
    """Teach, and write what was taught."""
    parser = argparse.ArgumentParser(description="Score the English rows of other sources with a teacher.")
    for name in ("data", "encoder", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    rows = read_rows(options.data)
    side = sides(rows.texts, PARTS * FOLDS)
    learnt: Chosen = side % PARTS != 0
    write_rows(options.out, teach(rows.where(learnt), (side // PARTS)[learnt], options.encoder))


if __name__ == "__main__":
    main()
