//! Rules for alerts: those that Livetrail comes with, and the operator's own.

mod backtest;
mod change;
mod definition;
mod info;
mod list;

pub(crate) use backtest::BacktestRequest;
pub(super) use backtest::{__path_backtest_rule, backtest_rule};
pub(super) use change::{
    __path_change_rule, __path_create_rule, __path_remove_rule, change_rule, create_rule, remove_rule,
};
pub(crate) use change::{NewAlertRule, RuleChange};
pub(crate) use info::AlertRuleInfo;
pub(crate) use list::AlertRuleList;
pub(super) use list::{__path_list_rules, list_rules};
