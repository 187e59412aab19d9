"""The real Detoxify class on a tiny checkpoint of our own, without a network."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal, NoReturn

import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import LABELS, Language
from monitor.scorers.choose import choose_scorer
from monitor.scorers.detoxify import DetoxifyScorer
from monitor.scorers.weights import load_detoxify
from monitor.settings import ToxicitySettings
from tests.checkpoints import WORDS, Tiny, booby_trap, make_roberta, make_tiny

pytestmark = pytest.mark.slow

EN = Language(code="en", confidence=1.0)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Refuse every connection, and tell which were tried."""
    tried: list[object] = []

    def refuse(*where: object, **_: object) -> NoReturn:
        tried.append(where)
        raise OSError("this test has no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return make_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def downloaded(tiny: Tiny, tmp_path: Path) -> Tiny:
    """Return the checkpoint as people download it.

    It names its base model as the hub does, and the base model's folder knows neither our labels nor
    how long a text may be.
    """
    import torch

    folder = tmp_path / "base"
    shutil.copytree(tiny.folder, folder, ignore=shutil.ignore_patterns("*.ckpt"))
    loaded = torch.load(tiny.checkpoint, weights_only=False)
    loaded["config"]["arch"]["args"]["model_type"] = "bert-base-uncased"
    torch.save(loaded, tmp_path / "downloaded.ckpt")
    forget(folder / "config.json", "id2label", "label2id")
    forget(folder / "tokenizer_config.json", "model_max_length")
    return Tiny(tmp_path / "downloaded.ckpt", folder)


def forget(file: Path, *keys: str) -> None:
    known = json.loads(file.read_text())
    file.write_text(json.dumps({key: value for key, value in known.items() if key not in keys}))


def load(tiny: Tiny) -> DetoxifyScorer:
    return load_detoxify(tiny.settings)


def labels(scorer: DetoxifyScorer, *texts: str) -> list[dict[str, float]]:
    scores = scorer.score(texts, [EN] * len(texts))
    return [dict(each.labels) for each in scores if each]


def test_the_six_labels_are_scored(tiny: Tiny) -> None:
    scored = labels(load(tiny), *WORDS)
    assert [set(LABELS)] * len(WORDS) == [set(each) for each in scored]
    assert all(0 < score < 1 for each in scored for score in each.values())


def test_a_text_scores_the_same_alone_and_in_a_batch(tiny: Tiny) -> None:
    scorer = load(tiny)
    together = labels(scorer, *WORDS, "potato " * 200)
    alone = [labels(scorer, text)[0] for text in (*WORDS, "potato " * 200)]
    assert [pytest.approx(each, abs=1e-5) for each in alone] == together


def test_the_scorer_is_named_by_its_file(tiny: Tiny) -> None:
    assert "detoxify-tiny" == load(tiny).name


def test_a_downloaded_checkpoint_loads_without_a_network(downloaded: Tiny, no_network: list[object]) -> None:
    assert [set(LABELS)] == [set(each) for each in labels(load(downloaded), "you are a potato")]
    assert [] == no_network


def test_a_downloaded_checkpoint_scores_as_the_original(tiny: Tiny, downloaded: Tiny) -> None:
    assert labels(load(tiny), *WORDS) == labels(load(downloaded), *WORDS)


def test_a_long_text_is_cut_where_the_tokenizer_knows_no_limit(downloaded: Tiny) -> None:
    assert 1 == len(labels(load(downloaded), "potato " * 2000))


def test_loading_leaves_no_files_behind(
    downloaded: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    load(downloaded)
    assert [] == list(room.iterdir())


def test_weights_that_cannot_be_fetched_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    with pytest.raises(Misconfigured, match="'original' is not on this machine and could not be fetched"):
        load_detoxify(ToxicitySettings())


def test_a_missing_file_is_a_sentence(tiny: Tiny) -> None:
    with pytest.raises(Misconfigured, match=r"no detoxify model at .*missing\.ckpt"):
        load(replace(tiny, checkpoint=tiny.folder / "missing.ckpt"))


@pytest.mark.parametrize("content", [b"", b"no checkpoint at all", b"PK\x03\x04"])
def test_a_file_that_is_no_checkpoint_is_a_sentence(tiny: Tiny, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.ckpt").write_bytes(content)
    with pytest.raises(Misconfigured, match=r"are not a detoxify model and its base model"):
        load(replace(tiny, checkpoint=tmp_path / "broken.ckpt"))


@pytest.mark.parametrize(("make", "model"), [(make_tiny, "original"), (make_roberta, "unbiased")])
def test_the_scores_are_those_of_detoxify(
    make: Callable[[Path], Tiny], model: Literal["original", "unbiased"], tmp_path: Path
) -> None:
    from detoxify import Detoxify

    made = make(tmp_path)
    lengths = ("you " * n for n in range(1, 30))
    texts = [*WORDS, "", "potato " * 40, "a  day!\n" * 9, "potato " * 1000, "🥔", *lengths]
    own = Detoxify(checkpoint=str(made.checkpoint), huggingface_config_path=str(made.folder)).predict(texts)
    scored = labels(load_detoxify(replace(made.settings, model=model)), *texts)
    assert [
        pytest.approx({label: own[label][number] for label in scored[0]}, abs=1e-4)
        for number in range(len(texts))
    ] == scored


def test_a_text_that_is_cut_is_told(tiny: Tiny) -> None:
    scores = load(tiny).score(["potato " * 100, "potato " * 1000], [EN, EN])
    assert [False, True] == [each.truncated for each in scores if each]


def test_a_model_that_reads_less_is_given_less(tiny: Tiny, tmp_path: Path) -> None:
    folder = tmp_path / "short"
    shutil.copytree(tiny.folder, folder)
    known = json.loads((folder / "tokenizer_config.json").read_text())
    (folder / "tokenizer_config.json").write_text(json.dumps({**known, "model_max_length": 64}))
    scores = load(replace(tiny, folder=folder)).score(["potato " * 10, "potato " * 100], [EN, EN])
    assert [False, True] == [each.truncated for each in scores if each]


def test_bfloat16_moves_the_scores_a_little(tiny: Tiny) -> None:
    import torch
    from detoxify import Detoxify

    from monitor.scorers.network import DetoxifyNetwork

    loaded = Detoxify(checkpoint=str(tiny.checkpoint), huggingface_config_path=str(tiny.folder))
    network = DetoxifyNetwork(loaded)
    tokens = network.encode(WORDS)
    exact = network.predict(tokens)
    loaded.model.to(torch.bfloat16)
    assert [pytest.approx(each, abs=0.02) for each in exact] == network.predict(tokens)


def test_the_file_that_its_owner_named_is_loaded(tiny: Tiny) -> None:
    found = hashlib.sha256(tiny.checkpoint.read_bytes()).hexdigest()
    assert "detoxify-tiny" == load_detoxify(replace(tiny.settings, sha256=found.upper())).name


def test_any_other_file_is_not_even_opened(tiny: Tiny, tmp_path: Path) -> None:
    trap = booby_trap(tmp_path / "trap.ckpt", f"open({str(tmp_path / 'it ran')!r}, 'w')")
    with pytest.raises(
        Misconfigured, match=r"is not the file that toxicity\.sha256 names, and was not loaded"
    ):
        load_detoxify(replace(tiny.settings, checkpoint=trap, sha256="0" * 64))
    assert not (tmp_path / "it ran").exists()


@pytest.mark.parametrize("device", ["mps:7", "cuda:99", "toaster"])
def test_a_device_that_is_not_there_is_a_sentence(tiny: Tiny, device: str) -> None:
    with pytest.raises(Misconfigured, match=f"toxicity.device .{device}. is not there"):
        load_detoxify(replace(tiny.settings, device=device))


def test_a_missing_model_is_replaced_by_the_fallback_and_told(tiny: Tiny) -> None:
    settings = replace(tiny.settings, checkpoint=tiny.folder / "missing.ckpt", fallback="none")
    choice = choose_scorer(settings)
    assert choice.scorer is None
    assert choice.missing is not None
    assert "missing.ckpt" in str(choice.missing)


def test_a_missing_extra_is_a_sentence(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "detoxify", None)
    with pytest.raises(Misconfigured, match=r"pip install 'comment-monitor\[detoxify\]'"):
        choose_scorer(tiny.settings)
