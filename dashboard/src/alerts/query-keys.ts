/** What the answers about alerts are kept under. */

export const OPEN_ALERTS_KEY = ["alerts", "open"] as const;
export const ALERT_LIST_KEY = ["alerts", "list"] as const;
export const alertKey = (id: string) => ["alerts", "one", id] as const;
export const CHANNELS_KEY = ["alerts", "channels"] as const;
export const RULES_KEY = ["alert-rules"] as const;
