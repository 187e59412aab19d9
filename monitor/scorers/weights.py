"""Loads Detoxify and its weights; what is missing becomes one sentence.

Detoxify's own loading asks the network for the base model's configuration even where a folder
with it is given. A checkpoint that names a base model ("bert-base-uncased") is therefore handed
over as a copy that names the folder: with a checkpoint and a folder nothing is ever fetched.
"""

from __future__ import annotations

import json
import pickle
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from monitor.domain.errors import Misconfigured
from monitor.scorers.detoxify import COVERED, MOST_TOKENS, DetoxifyScorer, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

_SMALL_FILES: Final = frozenset({".json", ".txt", ".model"})
_UNLOADABLE: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    pickle.UnpicklingError,
)
"""What torch, transformers and Detoxify raise over a file that is missing or is not theirs."""


class _Tokenizer(Protocol):
    model_max_length: int


class Loaded(Model, Protocol):
    """What is needed of `detoxify.Detoxify` while it is loaded."""

    tokenizer: _Tokenizer


Library = Callable[..., Loaded]
"""The constructor of `detoxify.Detoxify`: `(model_type, checkpoint, device, huggingface_config_path)`."""


def load_detoxify(
    model: str = "original",
    *,
    checkpoint: Path | None = None,
    config_path: Path | None = None,
    device: str = "cpu",
) -> DetoxifyScorer:
    """Return the scorer, its weights loaded.

    Without `checkpoint` Detoxify fetches the weights once and keeps them in the caches of torch
    and Hugging Face. With `checkpoint` and `config_path` (the folder with the base model's
    configuration and tokenizer) nothing is fetched; `model` then says which languages it covers.
    A checkpoint can run code when it is loaded: only use files that you trust.

    Raises:
        Misconfigured: the extra, the weights or the folder are missing, or do not fit together.
    """
    if model not in COVERED:
        raise Misconfigured.plain(
            f"detoxify has no model '{model}'", hint="toxicity.model is one of: " + ", ".join(COVERED)
        )
    if (checkpoint is None) != (config_path is None):
        raise Misconfigured.plain(
            "a detoxify checkpoint of your own needs two settings, and one is missing",
            hint="set toxicity.checkpoint (the file) and toxicity.config_path (the folder) together",
        )
    library = _library()
    if checkpoint is None or config_path is None:
        return DetoxifyScorer(_fetched(library, model, device), f"detoxify-{model}", COVERED[model])
    local = _local(library, checkpoint, config_path, device)
    return DetoxifyScorer(local, f"detoxify-{checkpoint.stem}", COVERED[model])


def _library() -> Library:
    try:
        from detoxify import Detoxify
        from transformers.utils import logging
    except ImportError as error:
        raise Misconfigured.plain(
            "toxicity scores by detoxify need more than the core",
            hint="pip install 'comment-monitor[detoxify]', or set toxicity.scorer to none",
        ) from error
    logging.disable_progress_bar()
    library: Library = Detoxify
    return library


def _fetched(library: Library, model: str, device: str) -> Model:
    try:
        return library(model, device=device)
    except _UNLOADABLE as error:
        raise Misconfigured.plain(
            f"Detoxify's model '{model}' is not on this machine and could not be fetched: {_brief(error)}",
            hint="connect this machine once, or set toxicity.checkpoint and toxicity.config_path",
        ) from error


def _local(library: Library, checkpoint: Path, config_path: Path, device: str) -> Model:
    for path, there in (
        (checkpoint, checkpoint.is_file()),
        (config_path, (config_path / "config.json").is_file()),
    ):
        if not there:
            raise Misconfigured.plain(
                f"no detoxify model at {path}",
                hint="toxicity.checkpoint is a .ckpt file, toxicity.config_path a folder with config.json",
            )
    try:
        with tempfile.TemporaryDirectory(prefix="comment-monitor-") as room:
            file, folder = _self_contained(checkpoint, config_path, Path(room))
            model = library(checkpoint=str(file), device=device, huggingface_config_path=str(folder))
            _limit(model)
            return model
    except _UNLOADABLE as error:
        raise Misconfigured.plain(
            f"{checkpoint} and {config_path} are not a detoxify model and its base model: {_brief(error)}",
            hint="they belong together: the folder is that of the base model which was trained further",
        ) from error


def _self_contained(checkpoint: Path, config_path: Path, room: Path) -> tuple[Path, Path]:
    """Return a checkpoint and a folder that load without a network; copies in `room` where needed."""
    import torch

    loaded = torch.load(checkpoint, map_location="cpu", weights_only=False)
    arch = loaded["config"]["arch"]["args"]
    if Path(arch["model_type"]).is_dir():
        return checkpoint, config_path
    for file in config_path.iterdir():
        if file.suffix in _SMALL_FILES:
            shutil.copy(file, room)
    _name_labels(room / "config.json", loaded["config"]["dataset"]["args"]["classes"])
    arch["model_type"] = str(room)
    torch.save(loaded, room / "model.ckpt")
    return room / "model.ckpt", room


def _name_labels(config: Path, labels: Sequence[str]) -> None:
    """Give the base model's configuration as many outputs as the checkpoint has; it knows of none."""
    known = json.loads(config.read_text(encoding="utf-8"))
    known["id2label"] = dict(enumerate(labels))
    known["label2id"] = {label: place for place, label in enumerate(labels)}
    config.write_text(json.dumps(known), encoding="utf-8")


def _limit(model: Loaded) -> None:
    """Cut texts at the model's length where the tokenizer's files do not say so; longer ones fail."""
    model.tokenizer.model_max_length = min(model.tokenizer.model_max_length, MOST_TOKENS)


def _brief(error: BaseException) -> str:
    """Return the first line of what the library says; the rest is for its own users."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
