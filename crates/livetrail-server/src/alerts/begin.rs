//! Builds an evaluator anew, from the log and the kept alerts, for the log after a position.

use super::{
    Ended,
    held_turn::HeldTurn,
    is_alert,
    past::{Log, LogWithAlerts},
    reader::{PIECE, Reader, Wanted},
    rules,
    run::{Run, on_thread},
    stored,
    work::Work,
};
use crate::{access::Principal, app::App};
use jiff::Timestamp;
use livetrail_alerts::{Condition, Evaluator, Horizon, Locate, PastError, Rule};
use livetrail_store::Bounds;
use std::sync::Arc;

/// An evaluation that goes on where the last one has ended.
pub(super) async fn begin<'a>(app: &'a Arc<App>, mut held: HeldTurn) -> Result<Run<'a>, Ended> {
    let rules = enabled_rules(app, held.turn().rules).await?;
    let bounds = app.store.head().await?;
    if app.alerts.is_new_edition(bounds.edition) {
        // Activities that are read again must not be those of before an erasure.
        app.hub.forget_past();
    }
    let position = position_of(held.turn().position, bounds);
    let horizon = Horizon::of(&rules, arrival(app, position, bounds.floor).await?);
    let kept = app.store.alerts_since(horizon.since()).await?;
    // A log that has lost its end may be beside alerts about what is lost.
    let kept = kept.iter().filter(|kept| kept.position <= position);
    let alerts: Vec<_> =
        kept.filter_map(|kept| Some((stored::read_or_tell(kept)?, kept.raised_at))).collect();
    let evaluator = Evaluator::new(rules.clone(), Arc::clone(&app.places) as Arc<dyn Locate>);
    let evaluator = evaluator.rebuild(horizon, alerts.iter().map(|(alert, _)| alert));
    let past = LogWithAlerts { log: Log::of(app, Principal::operator()), read: Vec::new() };
    let mut work = Some(Work::new(evaluator, past, alerts));
    let wanted = wanted(app, &rules, horizon, (bounds.floor, position)).await?;
    held.during(recall(app, &mut work, wanted)).await??;
    let work = work.ok_or_else(|| Ended::Failed("an evaluation was cut off".into()))?;
    Ok(Run::new(app, held, rules, work, position))
}

/// The rules that are evaluated, if they are those of a version.
async fn enabled_rules(app: &App, version: u64) -> Result<Vec<Rule>, Ended> {
    let kept = app.store.alert_rules().await?;
    if kept.version != version {
        return Err(Ended::Replaced);
    }
    let (known, unreadable) = rules::known(kept.rules, &app.filter_context());
    for (rule, errors) in unreadable {
        tracing::error!(rule, ?errors, "a rule for alerts cannot be read, and is not evaluated");
    }
    let rules: Vec<_> = known.into_iter().filter(|known| known.enabled).map(|known| known.rule).collect();
    if !app.places.are_known() {
        let needs_places = |rule: &&Rule| matches!(rule.condition, Condition::ImpossibleTravel { .. });
        for rule in rules.iter().filter(needs_places) {
            tracing::warn!(
                rule = rule.id,
                "the rule raises nothing, because the setting geoip-file names no file"
            );
        }
    }
    Ok(rules)
}

/// The position up to which the log was evaluated, within what the log has.
fn position_of(evaluated: u64, Bounds { floor, head, .. }: Bounds) -> u64 {
    let position = evaluated.clamp(floor, head);
    if evaluated < floor {
        let removed = floor - evaluated;
        tracing::warn!(
            removed,
            "activities were removed from the log before alert rules were evaluated for them"
        );
    }
    if evaluated > head {
        tracing::warn!(
            evaluated,
            head,
            "the log ends before the position that alert rules were evaluated for"
        );
    }
    position
}

/// What the evaluator has to remember.
pub(super) async fn wanted(
    app: &App,
    rules: &[Rule],
    horizon: Horizon,
    (floor, position): (u64, u64),
) -> Result<Wanted, Ended> {
    let filter = |rule: &Rule| rule.wide_filter().since(horizon.since_of(rule));
    Ok(Wanted {
        filters: rules.iter().map(filter).collect(),
        with_details: rules.iter().any(Rule::reads_details),
        after: floor,
        up_to: position,
        scan_after: first_that_arrived(app, horizon.since(), (floor, position)).await?,
    })
}

/// Gives the evaluator what it has to remember.
pub(super) async fn recall(app: &App, work: &mut Option<Work>, wanted: Wanted) -> Result<(), Ended> {
    let (operator, up_to) = (Principal::operator(), wanted.up_to);
    let mut reader = Reader::new(app, &operator, wanted);
    while let Some(activities) = reader.next().await? {
        let recall = move |work: &mut Work| {
            let known = activities.iter().filter(|known| known.position <= up_to && !is_alert(known));
            known.for_each(|activity| work.evaluator.recall(activity));
            Ok::<_, PastError>(())
        };
        on_thread(work, recall).await?;
    }
    Ok(())
}

/// When the activity at a position arrived, or the next one before it that is kept.
async fn arrival(app: &App, position: u64, floor: u64) -> Result<Timestamp, Ended> {
    let after = position.saturating_sub(PIECE as u64).max(floor);
    let rows = app.store.lean_range(after, PIECE).await?.rows().unwrap_or_default();
    let last = rows.into_iter().rev().find(|(activity, _)| activity.position <= position);
    Ok(last.map_or_else(|| app.environment.now(), |(activity, _)| activity.created_at))
}

/// A position before the first activity that arrived at a moment or later, between two positions. Activities arrive
/// in the order of positions, give or take the steps of clocks.
pub(super) async fn first_that_arrived(
    app: &App,
    since: Timestamp,
    (floor, position): (u64, u64),
) -> Result<u64, Ended> {
    let (mut low, mut high) = (floor, position);
    while high - low > PIECE as u64 {
        let middle = low + (high - low) / 2;
        // Where activities were removed, the next one decides.
        let next = app.store.next(middle).await?.filter(|next| *next <= high);
        let arrived = match next {
            Some(next) => app.store.lean_range(next - 1, 1).await?.rows().and_then(|mut rows| rows.pop()),
            None => None,
        };
        match arrived {
            Some((activity, _)) if activity.created_at < since => low = middle,
            _ => high = middle,
        }
    }
    Ok(low)
}
