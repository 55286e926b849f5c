"""What a profile comes to where it says little."""

from tests.profiles.saying import profile


def test_a_profile_that_says_nothing_watches_everything_by_aws_default_chain() -> None:
    said = profile("")
    (account,) = said.estate.accounts
    assert (said.name, account.name, account.regions) == ("mine", "default", ())
    assert (account.profile, account.role_arn) == (None, None)
    assert (said.estate.select, said.estate.exclude) == ((), ())


def test_a_role_that_changes_things_needs_a_second_factor_unless_it_says_otherwise() -> None:
    roles = profile('[roles.operator]\nprincipal_arns = ["arn:aws:iam::111122223333:role/on-call"]\n').roles
    assert (roles.viewer.mfa, roles.operator.mfa, roles.admin.mfa) == (False, True, True)
    assert profile("[roles.operator]\nmfa = false\n").roles.operator.mfa is False


def test_how_often_a_collector_is_asked_is_known_by_its_name() -> None:
    refresh = profile('[refresh]\nreplica_lag = "10s"\n').refresh
    assert (refresh.of("replica-lag"), refresh.of("cloudwatch"), refresh.of("cloudwatch-history")) == (10, 60, None)


def test_a_rule_may_have_no_duration_and_then_speaks_at_once() -> None:
    rule = '[[alerts]]\nid = "x"\nmetric = "wait.THREADPOOL"\nseverity = "info"\nabove = 1\n'
    assert profile(rule).alerts[0].for_ == 0


def test_an_objective_knows_its_unit_and_on_which_side_it_is_met() -> None:
    text = '[[objectives]]\nname = "a"\nmeasure = "rpo"\ntarget = "5m"\n'
    text += '[[objectives]]\nname = "b"\nmeasure = "uptime"\ntarget = "99.99 %"\n'
    rpo, uptime = profile(text).objectives
    assert (rpo.target, rpo.unit, rpo.side) == (300, "Seconds", "at_most")
    assert (uptime.target, uptime.unit, uptime.side) == (99.99, "Percent", "at_least")
