"""An admin's studies: founding, listing, moving on."""

import re

import pytest
from httpx2 import Response
from sqlalchemy import select

from app.accounts.roles import Role
from app.accounts.users import user_named
from app.ballots.deal import next_ballot
from app.conduct import answering
from app.studies.protocol import (
    Design,
    FixedRule,
    LeadRule,
    Protocol,
    Questions,
    SequentialRule,
    TwoPlusOneRule,
)
from app.studies.studies import members, protocol_of, study_named
from app.studies.tables import Study
from tests.support.answers import choose, later
from tests.web.conftest import Town

FORM: dict[str, object] = {
    "name": "Pilot",
    "stage": 1,
    "rule": "two-plus-one",
    "hand_drawn": "true",
    "networks": ["north", "west"],
    "physicians": ["alpha-1", "stranger"],
}


def found(town: Town, **changed: object) -> Response:
    return town.visitor("lonely").post("/admin/studies", data=FORM | changed)


def test_the_first_visit_says_what_to_do(town: Town) -> None:
    page = town.visitor("lonely").get("/admin/studies").text
    assert "No studies yet" in page
    assert "/admin/studies/new" in page


def test_a_study_is_founded_as_the_form_says(town: Town) -> None:
    location = found(town).headers["location"]
    with town.look() as session:
        study = study_named(session, "Pilot")
        assert location == f"/admin/studies/{study.key}"
        assert (study.stage, study.state, study.networks) == (1, "draft", ["north", "west"])
        assert protocol_of(study).rule == TwoPlusOneRule()
        admins = members(session, study=study, role=Role.ADMIN)
        readers = members(session, study=study, role=Role.PHYSICIAN)
    assert [user.name for user in admins] == ["lonely"]
    assert {user.name for user in readers} == {"alpha-1", "stranger"}


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ({"rule": "fixed", "n": "3"}, FixedRule(n=3)),
        ({"rule": "lead", "lead": "2", "at_most": "5"}, LeadRule(lead=2, at_most=5)),
    ],
)
def test_each_rule_can_be_chosen(town: Town, sent: dict[str, str], rule: object) -> None:
    found(town, **sent)
    with town.look() as session:
        assert protocol_of(study_named(session, "Pilot")).rule == rule


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": ""}, "1 to 120 characters"),
        ({"name": "Study alpha"}, "already a study"),
        ({"networks": ["nowhere"]}, "There is no network"),
        ({"physicians": ["nobody-here"]}, "There is no user"),
        ({"physicians": ["alpha-admin"]}, "account is that of a admin"),
        ({"physicians": ["lonely"]}, "is already admin of this study"),
        ({"rule": "fixed", "n": "99"}, "Answers a case"),
        ({"sigma": "-1"}, "Smoothing"),
        ({"repeat_share": "120"}, "Hidden repeats: a share from 0 to 100 %"),
        ({"sentinel_share": "60"}, "Sentinels: a share from 0 to 50 %"),
        (
            {"rule": "sequential", "posterior": "30"},
            "Probability: more than 50 % and less than 100 %",
        ),
        ({"merge_dice": "0.1"}, "Alike by Dice"),
    ],
)
def test_a_refused_study_is_told_with_the_form_as_it_was(
    town: Town, sent: dict[str, object], said: str
) -> None:
    answer = found(town, lease_minutes="77", **sent)
    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert 'value="77"' in answer.text
    with town.look() as session:
        assert len(session.scalars(select(Study)).all()) == 2


def test_every_setting_of_the_protocol_can_be_asked_for(town: Town) -> None:
    asked: dict[str, object] = {
        "rule": "sequential",
        "posterior": "95",
        "at_most_sure": "7",
        "native_share": "5",
        "fidelity": "0.97",
        "backbone_share": "30",
        "priority": "none",
        "repeat_share": "12.5",
        "repeat_after_days": "7",
        "repeat_after_ballots": "50",
        "merge": "true",
        "merge_dice": "0.95",
        "merge_hd95": "3",
        "draw_first_share": "10",
        "sentinel_share": "7.5",
        "guess_share": "20",
        "worst": "true",
        "break_minutes": "30",
    }
    page = town.visitor("lonely").get(found(town, **asked).headers["location"]).text
    with town.look() as session:
        protocol = protocol_of(study_named(session, "Pilot"))
    assert protocol.rule == SequentialRule(posterior=0.95, at_most=7)
    assert (protocol.display.native_share, protocol.display.fidelity) == (0.05, 0.97)
    assert protocol.questions == Questions(guess_share=0.2, worst=True, break_minutes=30)
    assert protocol.design == Design(
        backbone_share=0.3,
        priority="none",
        repeat_share=0.125,
        repeat_after_days=7,
        repeat_after_ballots=50,
        merge=True,
        merge_dice=0.95,
        merge_hd95=3,
        draw_first_share=0.1,
        sentinel_share=0.075,
    )
    assert "12%" in page
    assert "7.5% of the ballots, and of the films" in page
    assert "with a probability of 95%" in page


def test_the_form_as_it_is_first_shown_asks_for_the_defaults(town: Town) -> None:
    page = town.visitor("lonely").get("/admin/studies/new?stage=1").text
    inputs = re.findall(r'<input id="(\w+)" name="\w+" type="number" value="([^"]*)"', page)
    ticked = re.findall(r'name="(merge|worst)" value="true" checked', page)
    found(town, **dict(inputs), **dict.fromkeys(ticked, "true"))
    with town.look() as session:
        protocol = protocol_of(study_named(session, "Pilot"))
    assert protocol == Protocol(rule=TwoPlusOneRule())


def test_each_stage_has_its_own_defaults(town: Town) -> None:
    admin = town.visitor("lonely")
    hand_drawn = 'name="hand_drawn" value="true" checked'
    assert hand_drawn in admin.get("/admin/studies/new?stage=1").text
    assert hand_drawn not in admin.get("/admin/studies/new?stage=2").text
    assert admin.get("/admin/studies/new?stage=3").status_code == 422


def test_progress_is_told_for_each_physician_without_ranking(town: Town) -> None:
    with town.house.sessions.begin() as session:
        study = study_named(session, "Study alpha")
        for name, sent in (("alpha-2", choose("A")), ("alpha-2", later()), ("alpha-3", later())):
            physician = user_named(session, name)
            ballot = next_ballot(session, study, physician=physician, clock=town.clock)
            assert ballot is not None
            answering.answer(session, ballot=ballot, sent=sent, clock=town.clock)
    page = town.visitor("alpha-admin").get(f"/admin/studies/{town.alpha.study.key}").text
    first, second, third = (page.index(f"Dr. Alpha {number}") for number in (1, 2, 3))
    assert first < second < third
    row = page[second:third]
    assert [int(cell.split("<")[0]) for cell in row.split('<td class="number">')[1:4]] == [1, 1, 1]


def test_a_study_is_locked_opened_again_and_settled_after_a_question(town: Town) -> None:
    admin, study = town.visitor("alpha-admin"), f"/admin/studies/{town.alpha.study.key}"
    for act, state in (
        ("lock", "locked"),
        ("reopen", "open"),
        ("lock", "locked"),
        ("settle", "settled"),
    ):
        assert f'action="{study}/{act}"' in admin.get(f"{study}/{act}").text
        admin.post(f"{study}/{act}")
        with town.look() as session:
            assert study_named(session, "Study alpha").state == state


@pytest.mark.parametrize("act", ["settle", "reopen"])
def test_an_act_out_of_order_is_refused_and_named(town: Town, act: str) -> None:
    admin, study = town.visitor("alpha-admin"), f"/admin/studies/{town.alpha.study.key}"
    for answer in (admin.get(f"{study}/{act}"), admin.post(f"{study}/{act}")):
        assert answer.status_code == 409
        assert "The study is open; for this it must be locked" in answer.text


def test_a_settled_study_is_final(town: Town) -> None:
    admin, study = town.visitor("alpha-admin"), f"/admin/studies/{town.alpha.study.key}"
    for act in ("lock", "settle"):
        admin.post(f"{study}/{act}")
    for act in ("open", "lock", "reopen", "propose"):
        assert admin.post(f"{study}/{act}").status_code == 409


def test_the_history_tells_who_did_what(town: Town) -> None:
    admin, study = town.visitor("alpha-admin"), f"/admin/studies/{town.alpha.study.key}"
    admin.post(f"{study}/lock")
    admin.post(f"{study}/settle")
    page = admin.get(f"{study}/history").text
    assert page.index("settled") < page.index("locked")
    assert "incomplete: 3" in page
    assert "Dr. Alpha admin" in page


def test_who_administers_does_not_vote(town: Town) -> None:
    admin = town.visitor("alpha-admin")
    page = f"/admin/studies/{town.alpha.study.key}/members"
    admin.post(page, data={"name": "stranger"})
    admin.post(page, data={"name": "lonely"})
    with town.look() as session:
        study = study_named(session, "Study alpha")
        readers = {user.name for user in members(session, study=study, role=Role.PHYSICIAN)}
        admins = {user.name for user in members(session, study=study, role=Role.ADMIN)}
    assert readers == {"alpha-1", "alpha-2", "alpha-3", "stranger"}
    assert admins == {"alpha-admin", "lonely"}
    assert town.visitor("lonely").get(f"/admin/studies/{town.alpha.study.key}").status_code == 200
    assert town.visitor("lonely").get(f"/studies/{town.alpha.study.key}").status_code == 403


def test_a_physician_who_joins_late_gets_cases_when_they_are_dealt(town: Town) -> None:
    admin, study = town.visitor("alpha-admin"), f"/admin/studies/{town.alpha.study.key}"
    admin.post(f"{study}/members", data={"name": "stranger"})
    admin.post(f"{study}/open")
    reader = town.visitor("stranger")
    location = reader.get(f"/studies/{town.alpha.study.key}/next").headers["location"]
    assert location.startswith("/ballots/")


def test_nobody_is_taken_out_of_an_open_study(town: Town) -> None:
    page = f"/admin/studies/{town.alpha.study.key}/members"
    answer = town.visitor("alpha-admin").post(f"{page}/remove", data={"name": "alpha-1"})
    assert answer.status_code == 409
