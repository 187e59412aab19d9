"""Detoxify's network, asked without Detoxify's `predict`: its own model and tokenizer, our batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import torch

from monitor.scorers.detoxify import MOST_TOKENS, Probabilities
from monitor.scorers.hardware import multiplies_bf16, read_cpuinfo

Precision: TypeAlias = Literal["auto", "off"]
"""`auto`: bfloat16 where the device multiplies it; `off`: single precision everywhere."""


class DetoxifyNetwork:
    """Adapter of `Network` around a loaded `detoxify.Detoxify`.

    In bfloat16 its model keeps 8 bits of each weight. Probabilities of a BERT-base with random weights
    move by up to 0.04, where its last layer is scaled so that they differ at all.
    """

    def __init__(self, detoxify: Any, bf16: Precision = "off") -> None:
        self._model = detoxify.model.eval()
        self._tokenizer = detoxify.tokenizer
        self._device = torch.device(detoxify.device)
        self.labels: Sequence[str] = tuple(detoxify.class_names)
        self.longest = min(self._tokenizer.model_max_length, MOST_TOKENS)
        if bf16 == "auto" and _multiplies_bf16(self._device):
            self._model.to(torch.bfloat16)

    def encode(self, texts: list[str], /) -> list[list[int]]:
        """Return each text's tokens, all of them."""
        encoded: list[list[int]] = self._tokenizer(texts, verbose=False)["input_ids"]
        return encoded

    def predict(self, batch: list[list[int]], /) -> list[Probabilities]:
        """Return the probabilities of each token sequence, by label."""
        longest = max(map(len, batch))
        tokens = torch.full((len(batch), longest), self._tokenizer.pad_token_id)
        mask = torch.zeros((len(batch), longest), dtype=torch.long)
        for row, sequence in enumerate(batch):
            tokens[row, : len(sequence)] = torch.tensor(sequence)
            mask[row, : len(sequence)] = 1
        with torch.inference_mode():
            answer = self._model(input_ids=tokens.to(self._device), attention_mask=mask.to(self._device))
        rows: list[list[float]] = answer[0].float().sigmoid().tolist()
        return [tuple(row) for row in rows]

    def warm_up(self) -> None:
        """Pass the shortest and the longest text through, so that the first comment does not wait.

        A model that cannot work at all fails here, at its start.
        """
        (tokens,) = self.encode(["warm"])
        self.predict([tokens])
        self.predict([[*tokens[:-1], *tokens[1:2] * (self.longest - len(tokens)), tokens[-1]]])


def _multiplies_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and multiplies_bf16(read_cpuinfo())
