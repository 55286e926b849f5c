import pytest

from tests.profiles.saying import fault, faults, profile

CPU = '[[thresholds]]\nmetric = "cloudwatch.CPUUtilization"\n'
RULE = '[[alerts]]\nid = "busy"\nmetric = "cloudwatch.CPUUtilization"\nseverity = "high"\n'


def test_an_unknown_key_names_the_one_that_was_meant() -> None:
    said = fault("[refresh]\nclodwatch = 60\n")
    assert said.startswith("mine.toml:2: refresh.clodwatch is not a key that is known here. Did you mean cloudwatch?")
    assert "Allowed: inventory, cloudwatch, waits" in said


def test_an_unknown_table_does_too() -> None:
    assert "Did you mean thresholds?" in fault("[[threshold]]\n")


def test_a_key_of_a_role_is_known_three_levels_down() -> None:
    assert fault("[roles.operator]\nMFA = true\n").startswith(
        "mine.toml:2: roles.operator.MFA is not a key that is known here. Did you mean mfa?"
    )


def test_a_key_that_is_called_as_pydantic_calls_keys_is_a_key_like_others() -> None:
    assert fault('"[key]" = 1\n').startswith("mine.toml:1: '[key]' is not a key that is known here.")
    assert "refresh.'[key]' is not a key" in fault('[refresh]\n"[key]" = 1\n')
    assert "estate.select#1.tags" in fault('[[estate.select]]\ntags = { "[key]" = 1 }\n')


def test_a_key_of_a_tag_is_looked_at_too() -> None:
    said = fault('[[estate.select]]\ntags = { " team" = "x" }\n')
    assert said.startswith("mine.toml:2: estate.select#1.tags.' team' is empty or has spaces around it.")


def test_every_fault_is_told_in_the_order_of_the_file() -> None:
    said = faults(f'[refresh]\nwaits = 0.5\n{CPU}above = {{ warning = "5 s" }}\n[cost]\nbudget_usd_per_day = -1\n')
    assert [line.split(" ")[0] for line in said] == ["mine.toml:2:", "mine.toml:5:", "mine.toml:7:"]


def test_a_metric_that_cloudwatch_has_not_names_the_nearest() -> None:
    said = fault('[[thresholds]]\nmetric = "cloudwatch.CPUUtilisation"\nabove = { warning = 80 }\n')
    assert said.startswith("mine.toml:2: thresholds#1.metric is no metric of CloudWatch that is known here.")
    assert "('cloudwatch.CPUUtilisation') Did you mean cloudwatch.CPUUtilization" in said


def test_a_value_of_no_family_names_the_families() -> None:
    said = fault('[[thresholds]]\nmetric = "replicas.lag_s"\nabove = { warning = 80 }\n')
    assert "thresholds#1.metric begins as no value does" in said
    assert "Did you mean replica?" in said


def test_medium_is_refused_with_the_word_that_is_used_here() -> None:
    said = fault(RULE.replace('"high"', '"medium"') + "above = 80\n")
    assert said.startswith("mine.toml:4: alerts#1.severity is not a severity: use warning. ('medium') Allowed: crit")
    assert "use warning" in fault(f"{CPU}above = {{ medium = 80 }}\n")


def test_a_warning_beyond_its_critical_is_refused_with_both_numbers() -> None:
    said = fault(f"{CPU}above = {{ warning = 95, critical = 80 }}\n")
    assert said.startswith("mine.toml:3: thresholds#1.above has warning beyond critical, which could never be told.")
    assert "(warning 95, critical 80)" in said
    assert "below has warning beyond critical" in fault(f"{CPU}below = {{ warning = 5, critical = 20 }}\n")
    assert faults(f"{CPU}below = {{ warning = 20, critical = 5 }}\n") == []


@pytest.mark.parametrize("sides", ["", "above = { warning = 1 }\nbelow = { warning = 0 }\n"])
def test_a_threshold_has_exactly_one_side(sides: str) -> None:
    assert "thresholds#1 needs exactly one of above and below" in fault(CPU + sides)


def test_a_unit_that_does_not_belong_says_which_do() -> None:
    said = fault(f'{CPU}above = {{ warning = "20 GiB" }}\n')
    assert said.startswith("mine.toml:3: thresholds#1.above.warning has a unit that does not belong here. ('20 GiB')")
    assert "Allowed: a number, or one with %." in said


def test_a_unit_that_converts_becomes_the_metrics_own() -> None:
    said = profile(
        '[[thresholds]]\nmetric = "cloudwatch.AuroraReplicaLag"\nabove = { warning = "1.5 s" }\n'
        '[[thresholds]]\nmetric = "cloudwatch.FreeStorageSpace"\nbelow = { critical = "5 GiB" }\n'
        '[[alerts]]\nid = "slow"\nmetric = "cloudwatch.TargetResponseTime.p99"\nseverity = "high"\n'
        'above = "250 ms"\nfor = "5m"\n'
    )
    assert said.thresholds[0].above == {"warning": 1500.0}
    assert said.thresholds[1].below == {"critical": 5 * 2**30}
    assert (said.alerts[0].above, said.alerts[0].for_) == (0.25, 300.0)


def test_cloudwatch_more_often_than_it_has_news_is_refused_with_the_reason() -> None:
    said = fault("[refresh]\ncloudwatch = 30\n")
    assert "refresh.cloudwatch is too often: metrics appear once a minute, and asking for one is paid. (30)" in said


def test_two_rules_of_one_id_are_refused_at_the_second() -> None:
    rule = RULE + "above = 80\n"
    said = fault(rule + rule.replace("80", "90"))
    assert said.startswith("mine.toml:7: alerts#2.id is the id of another rule too. (busy)")


def test_two_thresholds_for_the_same_are_refused_at_the_second() -> None:
    one = CPU + "above = { warning = 80 }\n"
    assert fault(one + one).startswith("mine.toml:5: thresholds#2.metric has bounds for the same resources already.")
    assert faults(one + one.replace("above", 'kinds = ["cache"]\nabove')) == []


def test_a_rule_that_tells_nobody_there_is_names_the_channels() -> None:
    channel = '[[channels]]\nname = "on-call"\nkind = "email"\ntarget = "on-call@example.org"\n'
    said = fault(f'{RULE}above = 80\nchannels = ["oncall"]\n{channel}')
    assert said.startswith("mine.toml:6: alerts#1.channels#1 is no channel of this profile. (oncall) Did you mean on-c")


@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(kind: str) -> None:
    secret = "https://hooks.slack.com/services/T0/B0/secret"  # noqa: S105 - nobody's
    said = fault(f'[[channels]]\nname = "team"\nkind = "{kind}"\ntarget = "{secret}"\n')
    assert said.startswith(f"mine.toml:4: channels#1.target is not where {kind} can be sent.")
    assert "secret)" in said
    assert secret not in said
    assert "Allowed: env:VARIABLE or secretsmanager:SECRET." in said


@pytest.mark.parametrize("reference", ["env:SLACK_URL", "secretsmanager:prod/slack"])
def test_a_reference_to_a_secret_is_what_is_wanted(reference: str) -> None:
    assert faults(f'[[channels]]\nname = "team"\nkind = "slack"\ntarget = "{reference}"\n') == []


def test_an_engine_that_is_not_one_names_the_nearest() -> None:
    said = fault(f'{CPU}engines = ["sqlsever-*"]\nabove = {{ warning = 80 }}\n')
    assert said.startswith("mine.toml:3: thresholds#1.engines#1 fits no engine. ('sqlsever-*') Did you mean sqlserver-")


def test_a_selection_that_says_nothing_would_take_everything() -> None:
    assert "estate.select#1 says nothing" in fault("[[estate.select]]\n")


def test_a_region_a_role_and_an_external_id_are_looked_at() -> None:
    said = faults('[[estate.accounts]]\nregions = ["Ireland"]\nrole_arn = "admin"\n')
    assert [line.partition(" is ")[0] for line in said] == [
        "mine.toml:2: estate.accounts#1.regions#1",
        "mine.toml:3: estate.accounts#1.role_arn",
    ]
    assert "goes with a role_arn" in fault('[[estate.accounts]]\nexternal_id = "x"\n')


def test_one_word_where_an_array_is_wanted_shows_how_to_write_it() -> None:
    assert 'Allowed: ["cache"].' in fault(f'{CPU}kinds = "cache"\nabove = {{ warning = 80 }}\n')


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("estate = 5\n", "estate is not a table. (5)"),
        ("[thresholds]\nmetric = 1\n", "thresholds is not an array. (a table)"),
        ('[roles.operator]\nmfa = "yes"\n', "roles.operator.mfa is not a yes or no. ('yes') Allowed: true or false."),
        ("[[alerts]]\n", "alerts#1.id is missing"),
        ('name = ""\n', "name is empty or has spaces around it"),
        ('title = "\\u202edlrow"\n', "title has characters that cannot be seen"),
        ("[estate]\naccounts = []\n", "estate.accounts is empty"),
        ("[cost]\nbudget_usd_per_day = nan\n", "cost.budget_usd_per_day is not a finite number"),
        ('[[objectives]]\nname = "x"\nmeasure = "uptime"\ntarget = 101\n', "objectives#1.target is out of range"),
        ('[[objectives]]\nname = "x"\nmeasure = "failovers"\ntarget = 1\n', "Did you mean failover?"),
        ('[[declared]]\nids = ["a"]\n', "declared#1 declares nothing"),
        ("[[declared]]\nport = 70000\n", "declared#1.port is out of range"),
    ],
)
def test_each_kind_of_slip_has_its_own_words(text: str, what: str) -> None:
    assert any(what in line for line in faults(text)), faults(text)


def test_what_is_not_toml_says_where() -> None:
    assert fault('name = "x"\n[estate\n').startswith("mine.toml:2:8: is not TOML. (expected ']'")
    assert fault("x = [1,").startswith("mine.toml:1: is not TOML.")
    assert "more than" not in fault(f"x = {'1' * 5000}\n")
    assert "(a number with thousands of digits)" in fault(f"name = 0x{'f' * 5000}\n")
    assert "is nested too deep" in fault("x = " + "[\n" * 20_000)
