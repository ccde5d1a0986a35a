"""Signatures as Standard Webhooks says, tries that end within a day, receivers left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.errors import BadInput
from kefu.core.webhooks import (
    BREAKER_FAILURES,
    GIVE_UP_MS,
    TRIAL_MS,
    Breaker,
    Circuit,
    Outcome,
    begin,
    circuit,
    failed,
    gone,
    make_secret,
    next_attempt,
    outcome,
    read_retry_after,
    read_secret,
    sign,
    succeeded,
    verify,
)

# The example of the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENT_ID, SENT_S = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OLD = make_secret(b"o" * 24)
OTHER = make_secret(b"x" * 32)

HOUR_MS = 3_600_000


def signed(*secrets: str) -> dict[str, str]:
    return sign(secrets or (SECRET,), EVENT_ID, SENT_S, BODY)


def test_the_signature_is_that_of_the_specification():
    assert signed() == {
        "webhook-id": EVENT_ID,
        "webhook-timestamp": str(SENT_S),
        "webhook-signature": SIGNATURE,
    }
    assert verify([SECRET], signed(), BODY, now_s=SENT_S)


def test_while_secrets_change_both_old_and_new_receivers_are_served():
    headers = signed(SECRET, OLD)
    assert headers["webhook-signature"].split(" ")[0] == SIGNATURE
    for secrets in ([SECRET], [OLD], [OTHER, OLD]):
        assert verify(secrets, headers, BODY, now_s=SENT_S)
    assert not verify([OTHER], headers, BODY, now_s=SENT_S)
    assert not verify([], headers, BODY, now_s=SENT_S)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"webhook-id": "msg_other"}, id="other id"),
        pytest.param({"webhook-id": ""}, id="no id"),
        pytest.param({"webhook-timestamp": str(SENT_S + 1)}, id="other time"),
        pytest.param({"webhook-timestamp": ""}, id="no time"),
        pytest.param({"webhook-timestamp": "now"}, id="time in words"),
        pytest.param({"webhook-timestamp": "9" * 5000}, id="endless time"),
        pytest.param({"webhook-signature": ""}, id="no signature"),
        pytest.param({"webhook-signature": SIGNATURE[3:]}, id="no version"),
        pytest.param({"webhook-signature": "v2" + SIGNATURE[2:]}, id="other version"),
        pytest.param({"webhook-signature": SIGNATURE[:-2] + "A="}, id="one character off"),
        pytest.param({"webhook-signature": "v1,é"}, id="not ASCII"),
    ],
)
def test_a_changed_header_is_not_believed(change: dict[str, str]):
    assert not verify([SECRET], signed() | change, BODY, now_s=SENT_S)


def test_a_changed_body_is_not_believed():
    assert not verify([SECRET], signed(), BODY + b" ", now_s=SENT_S)


@pytest.mark.parametrize(
    ("late_s", "believed"), [(300, True), (-300, True), (301, False), (-301, False)]
)
def test_a_delivery_is_believed_for_five_minutes(late_s: int, believed: bool):
    assert verify([SECRET], signed(), BODY, now_s=SENT_S + late_s) is believed


def test_header_names_are_read_in_any_case():
    headers = {name.title(): value for name, value in signed().items()}
    assert verify([SECRET], headers, BODY, now_s=SENT_S)


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="empty"),
        pytest.param(SECRET.removeprefix("whsec_"), id="no prefix"),
        pytest.param("whsec_", id="prefix alone"),
        pytest.param("whsec_" + "A" * 28, id="21 bytes"),
        pytest.param("whsec_" + "A" * 88, id="66 bytes"),
        pytest.param("whsec_" + "A" * 33, id="no base64"),
        pytest.param("whsec_" + "*" * 32, id="other characters"),
        pytest.param("whsec_" + "客" * 32, id="not ASCII"),
    ],
)
def test_a_secret_of_another_form_is_refused(secret: str):
    with pytest.raises(BadInput):
        read_secret(secret)


def test_a_secret_has_24_to_64_bytes():
    assert read_secret(make_secret(bytes(64))) == bytes(64)
    for size in (23, 65):
        with pytest.raises(BadInput):
            make_secret(bytes(size))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (299, Outcome.DELIVERED),
        (302, Outcome.RETRY),
        (404, Outcome.RETRY),
        (410, Outcome.GONE),
        (429, Outcome.RETRY),
        (503, Outcome.RETRY),
    ],
)
def test_only_a_2xx_is_a_delivery(status: int, expected: Outcome):
    assert outcome(status) is expected


def attempts_of(jitter: float, lasting_ms: int = 0) -> list[int]:
    """When an event is tried that always fails: ms after the first."""
    at_ms: int | None = 0
    made: list[int] = []
    while at_ms is not None:
        made.append(at_ms)
        at_ms = next_attempt(len(made), 0, at_ms + lasting_ms, jitter)
    return made


def test_an_event_is_tried_for_most_of_a_day():
    made = attempts_of(0.0)
    assert made[:8] == [0, 5_000, 35_000, 155_000, 755_000, 2_555_000, 6_155_000, 13_355_000]
    assert len(made) == 13
    assert 23 * HOUR_MS < made[-1] <= GIVE_UP_MS


@given(st.floats(0, 1), st.integers(0, 60_000))
def test_whatever_the_jitter_an_event_is_given_up_within_a_day(jitter: float, lasting_ms: int):
    made = attempts_of(jitter, lasting_ms)
    assert 10 < len(made) < 20
    assert made[-1] <= GIVE_UP_MS


def test_jitter_shortens_a_wait_by_a_quarter_at_most():
    assert next_attempt(1, 0, 0, 0.0) == 5_000
    assert next_attempt(1, 0, 0, 1.0) == 3_750


def test_a_receiver_may_ask_to_wait_longer_but_not_to_be_forgotten():
    assert next_attempt(1, 0, 0, 0.0, retry_after_ms=60_000) == 60_000
    assert next_attempt(1, 0, 0, 0.0, retry_after_ms=1) == 5_000
    assert next_attempt(9, 0, GIVE_UP_MS - 1, 0.0, retry_after_ms=2) is None


@pytest.mark.parametrize(
    ("header", "wait_ms"),
    [
        pytest.param("120", 120_000, id="seconds"),
        pytest.param(" 7 ", 7_000, id="blanks around"),
        pytest.param("Thu, 25 Feb 2021 15:03:00 GMT", 50_000, id="date"),
        pytest.param("Thu, 25 Feb 2021 15:03:00 -0000", 50_000, id="date without a zone"),
        pytest.param("Thu, 25 Feb 2021 15:00:00 GMT", 0, id="past"),
        pytest.param("99999999999999999999", HOUR_MS, id="ages"),
        pytest.param("Thu, 25 Feb 9021 15:03:00 GMT", HOUR_MS, id="ages as a date"),
        pytest.param("", 0, id="nothing"),
        pytest.param("-5", 0, id="negative"),
        pytest.param("soon", 0, id="words"),
        pytest.param("٣", 0, id="other digits"),
        pytest.param("Thu, 99 Feb 2021 15:03:00 GMT", 0, id="no such day"),
    ],
)
def test_retry_after_is_read_in_both_forms_and_bounded(header: str, wait_ms: int):
    assert read_retry_after(header, SENT_S * 1000) == wait_ms


def opened(now_ms: int = 0, breaker: Breaker = Breaker()) -> Breaker:  # noqa: B008  (immutable)
    for _ in range(BREAKER_FAILURES):
        breaker = failed(breaker, now_ms)
    return breaker


def trial(breaker: Breaker) -> Breaker:
    begun = begin(breaker, breaker.open_until_ms)
    assert begun is not None
    return begun


def test_a_receiver_is_left_alone_after_failures_in_a_row():
    breaker = Breaker()
    for _ in range(BREAKER_FAILURES - 1):
        breaker = failed(breaker, 0)
        assert circuit(breaker, 0) is Circuit.CLOSED
    assert succeeded(breaker) == Breaker()
    breaker = failed(breaker, 0)
    assert circuit(breaker, 29_999) is Circuit.OPEN
    assert begin(breaker, 29_999) is None


def test_one_delivery_at_a_time_tries_a_receiver_again():
    breaker = opened()
    assert circuit(breaker, 30_000) is Circuit.HALF_OPEN
    tried = begin(breaker, 30_000)
    assert tried is not None
    assert begin(tried, 30_000) is None
    assert succeeded(tried) == Breaker()


def test_a_trial_that_never_ends_makes_room_for_the_next():
    tried = trial(opened())
    assert begin(tried, 30_000 + TRIAL_MS - 1) is None
    assert begin(tried, 30_000 + TRIAL_MS) is not None


def test_each_failed_trial_leaves_the_receiver_alone_for_longer():
    breaker, waits = opened(), []
    for _ in range(6):
        breaker = failed(trial(breaker), 0)
        waits.append(breaker.open_until_ms // 1000)
    assert waits == [60, 120, 300, 900, 900, 900]


def test_deliveries_that_began_before_it_opened_change_nothing():
    breaker = opened()
    assert failed(breaker, 10_000) == breaker


def test_a_receiver_that_is_gone_is_not_tried_again():
    breaker = gone(Breaker())
    assert circuit(breaker, GIVE_UP_MS) is Circuit.DISABLED
    assert begin(breaker, GIVE_UP_MS) is None
    assert failed(breaker, 0) == succeeded(breaker) == breaker
    assert begin(Breaker(), 0) == Breaker()  # what a person puts in its place
