from __future__ import annotations

import pytest

from monitor.domain.errors import Misconfigured
from monitor.domain.signals import UNDETERMINED, Language
from monitor.scorers.language import LANGUAGES, Py3LangId


@pytest.fixture(scope="module")
def identifier() -> Py3LangId:
    return Py3LangId()


SENTENCES = {
    "ar": "شكرا جزيلا على المساعدة يا صديقي العزيز",
    "de": "Das ist ja wohl nicht euer Ernst, ihr Trottel!",
    "en": "nobody asked for your opinion, you fool",
    "es": "no tienes ni idea de lo que estás diciendo",
    "fr": "tu ne comprends rien à ce que je raconte",
    "it": "non capisci niente di quello che ti ho detto",
    "ja": "あなたの言っていることがわかりません",
    "ko": "무슨 말을 하는지 모르겠어요",
    "nl": "ik heb geen idee waar je het over hebt, man",
    "pl": "nie mam pojęcia o czym ty mówisz, człowieku",
    "pt": "você não sabe do que está falando, rapaz",
    "ru": "ты вообще понимаешь, о чём говоришь?",
    "sv": "jag har ingen aning om vad du pratar om",
    "tr": "ne dediğini hiç anlamıyorum arkadaşım",
    "uk": "я не розумію, про що ти взагалі говориш",
    "zh": "我完全不明白你在说什么",
}


@pytest.mark.parametrize(("code", "text"), SENTENCES.items(), ids=SENTENCES)
def test_a_sentence_is_recognised(identifier: Py3LangId, code: str, text: str) -> None:
    (language,) = identifier.identify([text])
    assert code == language.code
    assert 0.5 < language.confidence <= 1


def test_languages_come_in_the_order_of_the_texts(identifier: Py3LangId) -> None:
    assert list(SENTENCES) == [language.code for language in identifier.identify([*SENTENCES.values()])]


@pytest.mark.parametrize(
    "text", ["", "   ", "ok", "lol!!!", "1234567890", "😂😂😂😂😂😂😂😂😂😂😂😂", "no way", "кот"]
)
def test_too_few_letters_are_undetermined(identifier: Py3LangId, text: str) -> None:
    assert [Language(code=UNDETERMINED, confidence=0.0)] == identifier.identify([text])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("el", "γεια σου"),
        ("he", "שלום"),
        ("ko", "안녕"),
        ("th", "สวัสดี"),
        ("ka", "გამარჯ"),
        ("zh", "你好吗"),
        ("ja", "ありがと"),
    ],
)
def test_a_script_of_its_own_may_be_shorter(identifier: Py3LangId, code: str, text: str) -> None:
    assert [code] == [language.code for language in identifier.identify([text])]


def test_links_and_names_are_no_language(identifier: Py3LangId) -> None:
    (language,) = identifier.identify(
        ["@guten_morgen_berlin https://example.org/das-ist-ein-langer-deutscher-pfad"]
    )
    assert Language() == language


def test_the_words_beside_a_link_are_recognised(identifier: Py3LangId) -> None:
    text = "https://example.org/das-ist-ein-langer-deutscher-pfad @guten_morgen this is what they told us"
    assert ["en"] == [language.code for language in identifier.identify([text])]


@pytest.mark.parametrize("text", ["qwrt zxcv bnmp lkjh", "Xzibit Qwertz Hjklm"])
def test_what_is_no_language_is_undetermined(identifier: Py3LangId, text: str) -> None:
    assert [Language()] == identifier.identify([text])


def test_the_set_of_languages_can_be_restricted() -> None:
    identifier = Py3LangId({"en", "nl"})
    assert {"nl"} == {language.code for language in identifier.identify([SENTENCES["de"], SENTENCES["nl"]])}


def test_the_common_languages_are_covered() -> None:
    assert set(SENTENCES) < LANGUAGES
    assert len(LANGUAGES) >= 29


def test_a_language_that_the_model_does_not_know_is_named() -> None:
    with pytest.raises(Misconfigured, match="does not know klingon, qq"):
        Py3LangId(("en", "qq", "klingon"))
