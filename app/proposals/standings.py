"""How many candidates each film has, counted as they come, so that pages need not count anew.

The run that stores a film's candidates counts that film; who chooses other networks counts the
study. Both hold the study's row meanwhile, so that neither counts by what the other changes.
"""

from sqlalchemy import exists, func, literal, select, update
from sqlalchemy.orm import Session

from app.films.tables import Film
from app.proposals.missing import Tally, sources_of
from app.proposals.origins import GOOD, MANUAL, CandidateOrigin
from app.proposals.tables import Standing
from app.studies.studies import hold
from app.studies.tables import Study


def stand(session: Session, *, film_id: int) -> None:
    """Count the film's candidates after some were stored."""
    study = session.get_one(Study, session.get_one(Film, film_id).study_id)
    hold(session, study, together=True)
    row = session.get(Standing, film_id, with_for_update=True)
    if row is None:
        row = Standing(film_id=film_id, study_id=study.id)
        session.add(row)
    query = select(CandidateOrigin.source).where(CandidateOrigin.film_id == film_id)
    sources = set(session.scalars(query))
    row.have = len(sources.intersection(sources_of(study)))
    row.planted = GOOD in sources
    session.flush()


def stand_anew(session: Session, study: Study) -> None:
    """Count all films of a study whose networks or sentinels have changed; the caller holds it."""
    session.flush()
    of_film = CandidateOrigin.film_id == Standing.film_id
    chosen = CandidateOrigin.source.in_(sources_of(study))
    session.execute(
        update(Standing)
        .where(Standing.study_id == study.id)
        .values(
            have=select(func.count()).where(of_film, chosen).scalar_subquery(),
            planted=exists().where(of_film, CandidateOrigin.source == GOOD),
        )
        .execution_options(synchronize_session=False)
    )


def tally_of_standings(session: Session, study: Study) -> Tally:
    """Return what `app.proposals.missing.tally` does, from what was counted as it came."""
    all_of_them, by_hand = len(sources_of(study)), MANUAL in sources_of(study)
    of_study = Film.study_id == study.id
    no_mask = Film.manual_mask_sha.is_(None)
    films = session.scalar(select(func.count()).where(of_study)) or 0
    # A film without hand-drawn mask cannot have all sources of a study in which that is one.
    without = session.scalar(select(func.count()).where(of_study, no_mask)) or 0 if by_hand else 0
    done, complete, sentinels = 0, 0, 0
    groups = select(Standing.have, Standing.planted, func.count()).where(
        Standing.study_id == study.id
    )
    for have, planted, count in session.execute(groups.group_by(Standing.have, Standing.planted)):
        done += count if have == all_of_them else 0
        complete += count if have == all_of_them and not planted else 0
        sentinels += count if planted else 0
    if without:
        others = (
            select(func.count())
            .select_from(Film)
            .join(Standing, Standing.film_id == Film.id)
            .where(of_study, no_mask, Standing.have == literal(all_of_them - 1))
        )
        done += session.scalar(others) or 0
    return Tally(films, complete, films - done, without, sentinels)
