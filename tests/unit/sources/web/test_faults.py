"""Every way in which a site can fail, met by a real server on loopback."""

from __future__ import annotations

import gzip
import ssl
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web as server
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Retryable
from monitor.sources.web.bodies import Damaged, _Deflate, _Gzip
from monitor.sources.web.calls import first
from monitor.sources.web.charset import decoded
from monitor.sources.web.client import WebClient
from monitor.sources.web.message import NO_VALIDATORS, Refused, Request
from monitor.sources.web.wire import Wire
from tests.certificates import Authority
from tests.channels import answers
from tests.sites import faults
from tests.sites.asking import QUICK, Hands, open_web
from tests.sites.chaos import open_chaos, open_decoy

SMALL = replace(QUICK, max_bytes=100_000, timeout=0.3)


async def a_page(_request: server.Request) -> server.StreamResponse:
    return server.Response(text="".join(f'{{"id": {number}}}\n' for number in range(1_000)))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (faults.SILENCE, "did not answer within 0.3 s"),
        (faults.drips_headers, "did not answer within 0.3 s"),
        (faults.late(10), "did not answer within 0.3 s"),
        (faults.RESET, "the connection to 127.0.0.1 broke"),
        (faults.NONSENSE, "the connection to 127.0.0.1 broke"),
        (faults.BROKEN_OFF, "the connection to 127.0.0.1 broke"),
        (faults.reset_mid_body, "the connection to 127.0.0.1 broke"),
        (faults.truncated_gzip, "the answer of 127.0.0.1 ends too early"),
        (faults.status(200, "plain", Content_Encoding="gzip"), "the answer of 127.0.0.1 is packed wrongly"),
        (faults.status(200, "x", Content_Encoding="br"), "is packed in a way that was not asked for"),
        (faults.status(500), "127.0.0.1 answered HTTP 500"),
        (faults.status(503), "127.0.0.1 answered HTTP 503"),
        (faults.status(408), "127.0.0.1 answered HTTP 408"),
        (faults.status(425), "127.0.0.1 answered HTTP 425"),
    ],
)
async def test_what_is_no_answer_is_tried_again(fault: faults.Fault, told: str, web: WebClient) -> None:
    async with open_chaos(a_page, faults.scripted(fault)) as site:
        with pytest.raises(Retryable, match=told) as caught:
            await web.ask(Request(url=site.url), SMALL)
        assert (type(caught.value), None) == (Retryable, caught.value.retry_after)
        assert 200 == (await web.ask(Request(url=site.url), SMALL)).status


@pytest.mark.parametrize("fault", [faults.ENDLESS, faults.gzip_bomb()])
async def test_what_is_too_large_is_cut_off(fault: faults.Fault, web: WebClient) -> None:
    async with open_chaos(a_page, faults.scripted(fault)) as site:
        with pytest.raises(Refused, match="more than the 100000 bytes") as caught:
            await web.ask(Request(url=site.url), replace(SMALL, timeout=5))
        assert "too_large" == caught.value.reason
        assert 200 == (await web.ask(Request(url=site.url), SMALL)).status


async def test_a_large_error_page_is_an_answer_all_the_same(web: WebClient) -> None:
    async with open_chaos(answers(404, "x" * 200_000)) as site:
        answer = await web.ask(Request(url=site.url), QUICK)
    assert (404, 65_536) == (answer.status, len(answer.body))


async def test_nobody_listening_is_told_by_the_host_alone(web: WebClient) -> None:
    async with open_chaos(a_page) as site:
        url = site.url
    with pytest.raises(Retryable, match=r"^127\.0\.0\.1 cannot be reached: Connection refused$"):
        await web.ask(Request(url=url), QUICK)


async def test_a_name_that_nobody_has_is_told(web: WebClient) -> None:
    with pytest.raises(Retryable, match=r"^the name no-such-name\.invalid cannot be resolved$"):
        await web.ask(Request(url="http://no-such-name.invalid"), QUICK)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (faults.throttled(7), (7, 7)),
        (faults.throttled(7, code=503), (7, 7)),
        (faults.throttled(7, code=500), (7, 7)),
        (faults.throttled_until(7), (5, 7)),
        (faults.throttled(), (10, 10)),
        (faults.throttled(86_400), (3_600, 3_600)),
        (faults.status(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="42"), (42, 42)),
    ],
)
async def test_a_busy_host_says_how_long_to_wait(
    fault: faults.Fault, seconds: tuple[float, float], web: WebClient
) -> None:
    async with open_chaos(a_page, faults.always(fault)) as site:
        with pytest.raises(Retryable) as caught:
            await web.ask(Request(url=site.url), QUICK)
    least, most = seconds
    assert least <= (caught.value.retry_after or 0) <= most


@pytest.mark.parametrize("form", ["epoch", "delta", "iso", "draft"])
async def test_a_quota_used_up_holds_the_host_though_the_answer_is_good(form: str) -> None:
    async with (
        open_web(Hands()) as web,
        open_chaos(a_page, faults.scripted(faults.quota_spent(30, form=form))) as site,
    ):
        assert 200 == (await web.ask(Request(url=site.url), QUICK)).status
        with pytest.raises(Retryable, match=r"asked to be left alone for (29|30) s"):
            await web.ask(Request(url=site.url), QUICK)
        assert 1 == len(site.visits)


async def test_half_a_gzip_redirect_or_an_endless_one_does_not_matter(web: WebClient) -> None:
    async def endless(request: server.Request) -> server.StreamResponse:
        response = server.StreamResponse(status=302, headers={"Location": "/end"})
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    plan = faults.scripted(faults.behaving(endless))
    async with open_chaos(a_page, plan) as site:
        assert 200 == (await web.ask(Request(url=site.url), QUICK)).status


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "private_network"),
        ("http://127.0.0.2:{port}/", "private_network"),
        ("http://[::1]:{port}/", "private_network"),
        ("http://[::ffff:127.0.0.2]:{port}/", "private_network"),
        ("http://[::ffff:7f00:2]:{port}/", "private_network"),
        ("http://0x7f.2:{port}/", "private_network"),
        ("http://0x7f000002:{port}/", "private_network"),
        ("http://2130706434:{port}/", "url"),  # numbers that are no IPv4 address aiohttp does not resolve
        ("http://0177.0.0.2:{port}/", "url"),
        ("http://127.2:{port}/", "url"),
    ],
)
@pytest.mark.parametrize("by_redirect", [True, False])
async def test_no_spelling_of_a_private_address_leads_there(
    url: str, reason: str, *, by_redirect: bool, web: WebClient
) -> None:
    async with open_decoy() as decoy:
        to = url.replace("{port}", decoy.url.rpartition(":")[2])
        async with open_chaos(a_page, faults.always(faults.redirected(to))) as site:
            with pytest.raises(Refused) as caught:
                await web.ask(Request(url=site.url if by_redirect else to), QUICK)
    assert (reason, []) == (caught.value.reason, decoy.hits)


async def test_a_server_that_falls_silent_is_left_before_its_time_is_up() -> None:
    wire = Wire(lambda: datetime.now(UTC), silence=0.2)
    async with open_chaos(a_page, faults.always(faults.SILENCE)) as site:
        with pytest.raises(Retryable, match=r"^127\.0\.0\.1 sent nothing for 0\.2 s$"):
            await wire.send(first(Request(url=site.url), "comment-monitor"), QUICK, NO_VALIDATORS)
    await wire.close()


async def test_a_site_that_cannot_prove_who_it_is_is_told(tmp_path: Path, web: WebClient) -> None:
    certificate = Authority(tmp_path).sign("site", "subjectAltName=IP:127.0.0.1")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.certificate, certificate.key)
    runner = server.AppRunner(server.Application())
    await runner.setup()
    await server.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    with pytest.raises(Retryable, match=r"^127\.0\.0\.1 could not be trusted"):
        await web.ask(Request(url=f"https://127.0.0.1:{runner.addresses[0][1]}/"), QUICK)
    await runner.cleanup()


@pytest.mark.parametrize("label", ["iso-8859-1", "nonsense", "utf-16"])
async def test_a_wrong_charset_does_not_hurt(label: str, web: WebClient) -> None:
    async with open_chaos(answers(200, "Grüße"), faults.always(faults.charset(label))) as site:
        answer = await web.ask(Request(url=site.url), QUICK)
    assert (label, "Grüße") == (answer.charset, decoded(answer))


async def test_one_source_s_private_network_is_no_other_s(web: WebClient) -> None:
    async with open_chaos(a_page) as site:
        assert 200 == (await web.ask(Request(url=site.url), QUICK)).status
        with pytest.raises(Refused, match="is in a private network"):
            await web.ask(Request(url=site.url), replace(QUICK, networks=("10.0.0.0/8",)))


@given(
    st.binary(max_size=300),
    st.lists(st.integers(1, 60), max_size=30),
    st.sampled_from(["gzip", "two", "zlib", "bare"]),
)
def test_a_body_unpacks_to_the_same_however_it_is_cut_up(body: bytes, cuts: list[int], form: str) -> None:
    unpacker = _Gzip() if form in {"gzip", "two"} else _Deflate()
    packed = {
        "gzip": lambda: gzip.compress(body) + b"\0\0",
        "two": lambda: gzip.compress(body[:9]) + gzip.compress(body[9:]),
        "zlib": lambda: zlib.compress(body),
        "bare": lambda: zlib.compress(body)[2:-4],
    }[form]()
    out = b""
    for size in [*cuts, len(packed)]:
        piece, packed = packed[:size], packed[size:]
        if piece:
            out += unpacker.feed(piece, 1_000)
    unpacker.finish()
    assert body == out


@given(st.binary(min_size=1, max_size=300), st.data(), st.sampled_from(["gzip", "zlib"]))
def test_a_body_that_lacks_its_end_never_passes(body: bytes, data: st.DataObject, form: str) -> None:
    packed = gzip.compress(body) if form == "gzip" else zlib.compress(body)
    unpacker = _Gzip() if form == "gzip" else _Deflate()
    unpacker.feed(packed[: data.draw(st.integers(1, len(packed) - 1))], 1_000)
    with pytest.raises(Damaged, match="ends too early"):
        unpacker.finish()


def test_a_body_of_thousands_of_empty_parts_is_given_up() -> None:
    with pytest.raises(Damaged, match="too many parts"):
        _Gzip().feed(gzip.compress(b"") * 1_000, 1_000)
