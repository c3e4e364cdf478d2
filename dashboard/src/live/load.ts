/** The first rows need no stream, so what follows it is a file of its own. It is asked for as soon as the page begins. */
import type { ConnectionOptions, Following } from "./connection";

const load = () => import("./connection");
let loading: ReturnType<typeof load> | undefined;

export function loadConnection(): typeof loading {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

const RETRY_MS = 5_000;

/** Follows the log as soon as that is loaded. A server that is away is asked again. */
export function follow(options: ConnectionOptions): { current: Following | null; stop: () => void } {
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const following = {
    current: null as Following | null,
    stop: () => {
      isStopped = true;
      clearTimeout(retry);
      following.current?.stop();
    },
  };
  const begin = () =>
    loadConnection()?.then(
      ({ followLog }) => {
        if (!isStopped) following.current = followLog(options);
      },
      () => {
        if (!isStopped) retry = setTimeout(begin, RETRY_MS);
      },
    );
  begin();
  return following;
}
