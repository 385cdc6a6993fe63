from postbox.security.quota import Quota


def test_a_sender_over_its_quota_waits_for_the_window():
    now = [0.0]
    quota = Quota(2, 10.0, lambda: now[0])
    assert [quota.admits("ada") for _ in range(3)] == [True, True, False]
    assert quota.admits("bob")
    now[0] = 10.0
    assert quota.admits("ada")
