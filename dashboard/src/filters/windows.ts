/** How far back reports and saved views look, as the API writes it. */
export const WINDOW_SECONDS = { "1h": 3_600, "24h": 86_400, "7d": 604_800, "30d": 2_592_000 } as const;

export type Window = keyof typeof WINDOW_SECONDS;
export const WINDOWS = Object.keys(WINDOW_SECONDS) as Window[];
