import { ApiError } from "./client";

const RETRY_EVERY_MS = 5_000;

const isTransient = (error: unknown) => error instanceof ApiError && error.isTransient;

/** For queries that the page is made of: asked again, by themselves, while the server is away and only then. */
export const WHILE_AWAY = {
  retry: (failures: number, error: Error) => isTransient(error) && failures < 2,
  refetchInterval: ({ state }: { state: { error: Error | null } }): number | false =>
    isTransient(state.error) ? RETRY_EVERY_MS : false,
};
