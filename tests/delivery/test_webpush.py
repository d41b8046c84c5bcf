"""Encryption against the example of RFC 8291, signatures against RFC 8292, endpoints against their readers."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from diary import keys
from diary.delivery import webpush
from diary.delivery.webpush import Signer
from diary.rules import outcomes, push
from tests.delivery.browser_keys import browser_keys
from tests.people import NOW

KEY = "11" * 32
SUBJECT = "mailto:ops@example.org"
ALLOWED = ("web.push.apple.com", "*.notify.windows.com", "http://127.0.0.1:9000")


def test_the_example_of_rfc_8291_comes_out_byte_for_byte() -> None:
    # RFC 8291, section 5 and appendix A.
    private = int.from_bytes(push.decode64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    receiver = push.read_keys(
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
    )
    body = webpush.encrypt(
        b"When I grow up, I want to be a watermelon", receiver,
        salt=push.decode64("DGv6ra1nlYgDCS1FRnbzlw"),
        private_key=ec.derive_private_key(private, ec.SECP256R1()),
    )  # fmt: skip
    assert push.encode64(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
        "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_salt_and_key_are_fresh_for_every_message() -> None:
    phone = browser_keys()
    first, second = (webpush.encrypt(b'{"n": 1}', phone.keys) for _ in range(2))
    assert first[:16] != second[:16] and first[21:86] != second[21:86]
    assert phone.read(first) == phone.read(second) == {"n": 1}


def claims(header: str) -> tuple[dict[str, object], bytes, bytes, bytes]:
    """Claims, what was signed, the signature and the public point of a `vapid` header."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, body, signature = parts["t"].split(".")
    assert json.loads(push.decode64(head)) == {"typ": "JWT", "alg": "ES256"}
    signed = f"{head}.{body}".encode()
    return (
        json.loads(push.decode64(body)),
        signed,
        push.decode64(signature),
        push.decode64(parts["k"]),
    )


def test_the_signature_names_the_service_the_operator_and_a_time_within_a_day() -> None:
    signer = Signer(KEY, SUBJECT)
    for endpoint, origin in (
        ("https://web.push.apple.com/QGuQ?x=1", "https://web.push.apple.com"),
        ("https://web.push.apple.com:443/QGuQ", "https://web.push.apple.com"),
        ("http://127.0.0.1:9000/a", "http://127.0.0.1:9000"),
    ):
        named, signed, signature, point = claims(signer.authorization(endpoint, NOW))
        assert named["aud"] == origin and named["sub"] == SUBJECT
        assert NOW.timestamp() < int(str(named["exp"])) <= (NOW + timedelta(hours=24)).timestamp()
        assert push.encode64(point) == keys.vapid_public(KEY)
        der = encode_dss_signature(
            int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        )
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        public.verify(der, signed, ec.ECDSA(hashes.SHA256()))
        with pytest.raises(InvalidSignature):
            public.verify(der, signed + b"x", ec.ECDSA(hashes.SHA256()))


def test_a_signature_is_used_again_for_its_service_only_and_made_anew_in_time() -> None:
    signer = Signer(KEY, SUBJECT)
    apple, mozilla = "https://web.push.apple.com/a", "https://updates.push.services.mozilla.com/a"
    first = signer.authorization(apple, NOW)
    assert signer.authorization(apple.replace("/a", "/b"), NOW + timedelta(hours=5)) == first
    assert claims(signer.authorization(mozilla, NOW))[0]["aud"] == "https://updates.push.services.mozilla.com"
    later = NOW + timedelta(hours=30)
    again, *_ = claims(signer.authorization(apple, later))
    assert int(str(again["exp"])) > later.timestamp()
    # A clock that was set back must not leave a signature that is valid for more than a day.
    earlier, *_ = claims(signer.authorization(apple, NOW - timedelta(days=3)))
    assert int(str(earlier["exp"])) < NOW.timestamp()


def test_a_request_lives_as_long_as_its_window_and_collapses_under_its_topic() -> None:
    phone = browser_keys()
    plain = webpush.payload(
        title="Time for your diary", body="", navigate="https://d.example.org/", lang="en", tag="t",
        delivery_id="1", token="2",
    )  # fmt: skip
    made = webpush.request(
        "https://web.push.apple.com/a", phone.keys, plain, signer=Signer(KEY, SUBJECT),
        topic=push.topic_of("r:1"), expires_at=NOW + timedelta(minutes=90), now=NOW,
    )  # fmt: skip
    assert made.headers["TTL"] == "5400" and made.headers["Urgency"] == "high"
    topic = made.headers["Topic"]
    assert len(topic) == 32 and len(base64.urlsafe_b64decode(topic)) == 24
    assert made.headers["Content-Encoding"] == "aes128gcm"
    assert phone.read(made.body)["web_push"] == 8030
    assert push.topic_of("r:1") == topic != push.topic_of("r:2")


def test_windows_gets_the_cache_policy_that_fits_the_ttl() -> None:
    for minutes, policy in ((5, "cache"), (0, "no-cache")):
        made = webpush.request(
            "https://wns2-par02p.notify.windows.com/w/?token=1", browser_keys().keys, b"{}",
            signer=Signer(KEY, SUBJECT), topic="t", expires_at=NOW + timedelta(minutes=minutes), now=NOW,
        )  # fmt: skip
        assert made.headers["X-WNS-Cache-Policy"] == policy


def test_a_payload_that_no_service_takes_is_refused_here() -> None:
    def payload(title: str) -> bytes:
        return webpush.payload(
            title=title, body="", navigate="n", lang="en", tag="t", delivery_id="1", token="2"
        )

    room = webpush.MAX_PAYLOAD_BYTES - len(payload(""))
    assert len(webpush.encrypt(payload("x" * room), browser_keys().keys)) == 4096
    with pytest.raises(ValueError, match="3994"):
        payload("x" * (room + 1))


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://web.push.apple.com/QGuQ", "web.push.apple.com"),
        ("https://WEB.push.apple.com:443/QGuQ", "web.push.apple.com"),
        ("https://wns2.notify.windows.com/w/?token=a%3d", "wns2.notify.windows.com"),
        ("http://127.0.0.1:9000/push/1", "127.0.0.1:9000"),
        ("http://127.0.0.1:9001/push/1", None),
        ("http://web.push.apple.com/QGuQ", None),
        ("https://127.0.0.1:9000/push/1", None),
        ("https://web.push.apple.com:8443/QGuQ", None),
        ("https://web.push.apple.com.evil.org/QGuQ", None),
        ("https://evil.org/web.push.apple.com", None),
        ("https://evil.org#web.push.apple.com/", None),
        ("https://web.push.apple.com@evil.org/", None),
        ("https://evil.org\\@web.push.apple.com/", None),
        ("https://web.push.apple.com\\.evil.org/", None),
        ("https://web.push.apple.com.", None),
        ("https://web.push.apple.com./a", None),
        ("https://notify.windows.com/w", None),
        ("https://a.b.notify.windows.com/w", None),
        ("https://.notify.windows.com/w", None),
        ("https://evilnotify.windows.com/w", None),
        ("https://web.push.apple.com/a b", None),
        ("https://web.push.apple.com/a\nb", None),
        ("https://web.push.apple.com:99999/a", None),
        ("https://[::1/a", None),
        ("file:///etc/passwd", None),
        ("", None),
        ("https://web.push.apple.com/" + "a" * 1000, None),
    ],
)
def test_only_known_push_services_are_ever_written_to(endpoint: str, host: str | None) -> None:
    assert push.known_host(endpoint, ALLOWED) == host


@given(st.text(max_size=60))
def test_no_text_around_a_known_host_makes_another_host_known(text: str) -> None:
    for endpoint in (f"https://{text}web.push.apple.com/a", f"https://web.push.apple.com{text}/a"):
        host = push.known_host(endpoint, ALLOWED)
        assert host is None or host == "web.push.apple.com"


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        (
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8",
            "BTBZMqHH6r4Tts7J_aSIgg",
        ),
        ("", ""),
        ("AAAA", "AAAA"),
        ("B" + "A" * 86, "BTBZMqHH6r4Tts7J_aSIgg"),
        ("*" * 87, "BTBZMqHH6r4Tts7J_aSIgg"),
        ("A", "A"),
    ],
)
def test_keys_to_which_nothing_can_be_encrypted_are_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError):
        push.read_keys(p256dh, auth)


@pytest.mark.parametrize(
    ("statuses", "outcome"),
    [
        ((200, 201, 202, 204), "handed_over"), ((404, 410), "gone"), ((401, 403), "stopped"),
        ((400, 413, 301, 302, 307, 405), "refused"), ((408, 429, 500, 502, 503, 504), "later"),
    ],
)  # fmt: skip
def test_what_each_answer_means(statuses: tuple[int, ...], outcome: str) -> None:
    assert {webpush.judge(status, {}, NOW).outcome for status in statuses} == {outcome}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0), ("0", 0.0), ("", None), ("soon", None), ("-5", None), ("1e3", None),
        ("Mon, 02 Mar 2026 04:01:30 GMT", 90.0), ("Mon, 02 Mar 2026 03:59:00 GMT", 0.0),
        ("Mon, 02 Mar 2026 04:01:30", None), ("99999999999", None),
        ("Mon, 02 Mar 2026 04:01:30 +99999999999999999", None), ("Mon, 02 Mar 2026 04:01:30 +9999", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_and_as_a_date(text: str, seconds: float | None) -> None:
    assert datetime(2026, 3, 2, 4, 0, tzinfo=UTC) == NOW
    assert outcomes.retry_after_s({"Retry-After": text}, NOW) == seconds


def test_the_wait_grows_with_every_try_is_spread_and_never_shorter_than_asked_for() -> None:
    assert [outcomes.back_off_s(n, 0.5) for n in (0, 1, 2, 3)] == [2.0, 4.0, 8.0, 16.0]
    assert outcomes.back_off_s(0, 0.0) == 1.0 and outcomes.back_off_s(0, 1.0) == 3.0
    assert outcomes.back_off_s(60, 0.5) == 300.0
    assert outcomes.back_off_s(0, 0.5, 45.0) == 45.0
