"""A tiny model of our own in Detoxify's format: what the real class loads with no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.domain.signals import LABELS
from monitor.settings import ToxicitySettings

WORDS = ["you are a potato", "thanks for the help", "what a day"]
SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
CLASSES = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
"""The labels of `original`, which Detoxify renames."""


@dataclass(frozen=True)
class Tiny:
    """A checkpoint, and the folder of its base model."""

    checkpoint: Path
    folder: Path

    @property
    def settings(self) -> ToxicitySettings:
        """Return the settings that score by it, to the last digit, or stop."""
        return ToxicitySettings(
            scorer="detoxify",
            fallback="stop",
            checkpoint=self.checkpoint,
            config_path=self.folder,
            bf16="off",
        )


def make_tiny(folder: Path) -> Tiny:
    """Make a two-layer BERT with random weights, saved as Detoxify saves its own."""
    return make_checkpoint(folder, WORDS * 10, vocabulary=300, **SMALL)


def make_checkpoint(folder: Path, texts: Sequence[str], *, vocabulary: int, **shape: int) -> Tiny:
    """Make a BERT with random weights and a vocabulary from `texts`; without a shape it is BERT-base."""
    import transformers
    from tokenizers import BertWordPieceTokenizer

    words = BertWordPieceTokenizer(lowercase=True)
    words.train_from_iterator(texts, vocab_size=vocabulary, min_frequency=1, show_progress=False)
    words.save_model(str(folder))
    tokenizer = transformers.BertTokenizerFast(
        vocab_file=str(folder / "vocab.txt"), vocab=str(folder / "vocab.txt"), model_max_length=512
    )
    tokenizer.save_pretrained(folder)
    config = transformers.BertConfig(vocab_size=words.get_vocab_size(), num_labels=len(LABELS), **shape)
    return _save(folder, config, "Bert", CLASSES)


def make_roberta(folder: Path) -> Tiny:
    """Make a two-layer RoBERTa, as Detoxify's `unbiased` is one: other tokens, other padding, more labels."""
    import transformers
    from tokenizers import ByteLevelBPETokenizer

    words = ByteLevelBPETokenizer()
    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    words.train_from_iterator(
        WORDS * 10, vocab_size=400, min_frequency=1, special_tokens=marks, show_progress=False
    )
    words.save_model(str(folder))
    files = [str(folder / "vocab.json"), str(folder / "merges.txt")]
    tokenizer = transformers.RobertaTokenizer(
        vocab=files[0], merges=files[1], vocab_file=files[0], merges_file=files[1], model_max_length=512
    )
    tokenizer.save_pretrained(folder)
    classes = [*LABELS, "sexual_explicit", "male", "female"]
    config = transformers.RobertaConfig(
        vocab_size=words.get_vocab_size(),
        num_labels=len(classes),
        max_position_embeddings=514,
        type_vocab_size=1,
        pad_token_id=1,
        **SMALL,
    )
    return _save(folder, config, "Roberta", classes)


def _save(folder: Path, config: Any, family: str, classes: Sequence[str]) -> Tiny:
    """Save a model with random weights and its configuration as Detoxify saves its own."""
    import torch
    import transformers

    config.save_pretrained(folder)
    torch.manual_seed(0)
    kind = f"{family}ForSequenceClassification"
    model = getattr(transformers, kind)(config).eval()
    arch = {
        "model_type": str(folder),
        "model_name": kind,
        "tokenizer_name": f"{family}Tokenizer",
        "num_classes": len(classes),
    }
    record = {
        "config": {"arch": {"args": arch}, "dataset": {"args": {"classes": list(classes)}}},
        "state_dict": model.state_dict(),
    }
    torch.save(record, folder / "tiny.ckpt")
    return Tiny(folder / "tiny.ckpt", folder)


class _Trap:
    """Runs Python code when it is unpickled: what a checkpoint can do to who loads it."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, (self._code,)


def booby_trap(path: Path, code: str) -> Path:
    """Write a checkpoint that runs code when it is loaded."""
    import torch

    torch.save(_Trap(code), path)
    return path
