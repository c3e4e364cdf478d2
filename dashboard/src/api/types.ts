/** The shapes of the public API that the dashboard reads, by the server's own description of them. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Activity = Schemas["ActivityView"];
/** A page of the log. Its total and its statistics are null: the dashboard asks for them apart. */
export type ActivityList = Schemas["ActivityList"];
/** The statistics of a filter, and the head of the log that they were counted at. */
export type ActivityStats = Schemas["ActivityStats"];
export type Change = Schemas["Change"];
export type Device = Schemas["Device"];
export type Stats = Schemas["Stats"];

/** How many activities of a filter there were when. */
export type Timeline = Schemas["Timeline"];
export type Bucket = Schemas["Bucket"];
/** The values that occur among the activities of a filter, with their counts. */
export type Facets = Schemas["Facets"];
export type FacetValue = Schemas["FacetValue"];

/** Activities that have a value in common. */
export type ActivityGroup = Schemas["ActivityGroup"];
export type ActivityGroups = Schemas["ActivityGroups"];
/** A session of the application, as the log has it. */
export type LogSession = Schemas["LogSession"];
export type LogSessions = Schemas["LogSessions"];

export type FailedLogin = Schemas["FailedLogin"];
export type EndpointPerformance = Schemas["Endpoint"];
export type FailedSignIns = Schemas["FailedSignIns"];
/** What a report answers, by its name. */
export interface ReportRows {
  failed_sign_ins: FailedSignIns;
  failed_logins: FailedLogin;
  endpoint_performance: EndpointPerformance;
  admin_audit: Activity;
  recent_activity: Activity;
}
export type ReportName = keyof ReportRows;
export type Report<Name extends ReportName> = Omit<Schemas["Report_FailedLogin"], "data"> & {
  data: ReportRows[Name][];
};

export type Catalogue = Schemas["CatalogueAnswer"];
export type CatalogueAction = Schemas["Action"];

export type Severity = Schemas["Severity"];
export type Alert = Schemas["AlertInfo"];
export type AlertState = Schemas["AlertState"];
export type AlertList = Schemas["AlertList"];
export type AlertDecision = Schemas["AlertDecision"];
export type AlertMute = Schemas["AlertMute"];
export type AlertRule = Schemas["AlertRuleInfo"];
export type AlertRuleList = Schemas["AlertRuleList"];
export type AlertChannel = Schemas["AlertChannelInfo"];
export type AlertChannelList = Schemas["AlertChannelList"];
export type NewAlertRule = Schemas["NewAlertRule"];
export type AlertRuleChange = Schemas["AlertRuleChange"];
export type BackTestRequest = Schemas["BacktestRequest"];

export type SavedView = Schemas["SavedViewInfo"];
export type SavedViewList = Schemas["SavedViewList"];
export type NewSavedView = Schemas["NewSavedView"];
export type SavedViewChange = Schemas["SavedViewChange"];

export type KeyRequest = Schemas["KeyRequest"];
export type NewKey = Schemas["NewKey"];
/** How the server is: its index, how long it keeps activities, its keys. */
export type IndexInfo = Schemas["IndexInfo"];
export type RetentionInfo = Schemas["RetentionInfo"];
export type KeyList = Schemas["KeyList"];
export type KeyInfo = Schemas["KeyInfo"];

export type Setting = Schemas["SettingInfo"];
export type SettingList = Schemas["SettingList"];
export type RedactionTried = Schemas["RedactionTried"];
export type Hold = Schemas["HoldInfo"];
export type RetentionRule = Schemas["RuleInfo"];

/** Somebody who is signed in to the dashboard. */
export type SignedIn = Schemas["SessionInfo"];
export type SignedInList = Schemas["SessionList"];

export type ServerInfo = Schemas["ServerInfo"];
export type Session = Schemas["Session"];

/** RFC 9457 problem details; the one answer that leaves out what it does not have. */
export type Problem = Schemas["Problem"];
