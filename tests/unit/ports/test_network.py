from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.errors import Misconfigured
from monitor.ports.network import Forbidden, Networks

PRIVATE = [
    "0.0.0.0",  # noqa: S104 - an address that must be refused, nothing is bound to it
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::127.0.0.1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "4000::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::1.1.1.1", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_on_the_internet_is_not_permitted(address: str) -> None:
    assert not Networks().permits(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_on_the_internet_is_permitted(address: str) -> None:
    assert Networks().permits(address)


def test_a_listed_network_is_permitted_and_no_other() -> None:
    networks = Networks(["127.0.0.0/8", "fd00::/8"])

    assert [
        networks.permits(address) for address in ("127.0.0.1", "::ffff:127.0.0.1", "fd12::1", "10.0.0.1")
    ] == [True, True, True, False]


@given(st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"]), st.data())
def test_no_spelling_of_a_private_address_gets_through(network: str, data: st.DataObject) -> None:
    block = IPv4Network(network)
    number = data.draw(st.integers(int(block.network_address), int(block.broadcast_address)))
    plain = IPv4Address(number)
    spellings = [f"{plain}", f"::ffff:{plain}", f"::{plain}", f"64:ff9b::{plain}"]
    spellings.append(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1")

    assert [spelling for spelling in spellings if Networks().permits(spelling)] == []


def test_a_socket_is_made_for_a_permitted_address_alone() -> None:
    networks = Networks(["127.0.0.0/8"])

    made = networks.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80)))
    made.close()

    with pytest.raises(Forbidden):
        networks.socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.0.0.1", 80)))


def test_every_entry_that_is_no_network_is_named() -> None:
    with pytest.raises(Misconfigured) as caught:
        Networks(["10.0.0.0/8", "10.0.0.1/8", "intranet"])

    assert [entry for entry in ("10.0.0.0/8", "10.0.0.1/8", "intranet") if entry in str(caught.value)] == [
        "10.0.0.1/8",
        "intranet",
    ]
