/**
 * Lists and streams of Livetrail for the pages of an application, by a route handler of Next.js or of anything else that
 * answers the web's `Request`. The key stays on the server, and the application says who may read.
 */
import { comeBack, passedBack, problem, refusedKey } from "./answers.js";
import { type Asked, ask, askedOf, type StreamAccess, type Upstream } from "./ask.js";
import { limited } from "./limited.js";

/** Whether this reader may read, and what; or what to answer instead. */
export type StreamAuthorization = boolean | null | undefined | StreamAccess | Response;

export interface StreamRouteOptions<Reader extends Request = Request> extends Upstream {
  /** Asked for each list, and each time that a stream is opened. Anything but true or an object is answered with 401. */
  authorize: (request: Reader) => StreamAuthorization | Promise<StreamAuthorization>;
  /** After so many seconds a stream ends and comes back, so that `authorize` is asked again. 300. */
  streamSeconds?: number | undefined;
}

export type { StreamAccess } from "./ask.js";

const LIST = "/api/admin/activity";
const STREAM = `${LIST}/stream`;
const STREAM_SECONDS = 300;

/** The `GET` of a route that serves streams to an `EventSource`, and lists to everything else. */
export function streamRoute<Reader extends Request = Request>(
  options: StreamRouteOptions<Reader>,
): (request: Reader) => Promise<Response> {
  if (typeof options.authorize !== "function") throw new TypeError("streamRoute needs authorize");
  return async (request) => {
    const access = await options.authorize(request);
    if (access instanceof Response) return access;
    // A name or a number is not an answer to whether this reader may read.
    const isLetIn = access === true || (typeof access === "object" && access !== null);
    if (!isLetIn) return problem(401, "Authentication required");
    const asked = askedOf(request, options, access === true ? {} : access);
    return wantsStream(request) ? stream(asked, options.streamSeconds) : list(asked);
  };
}

function wantsStream({ headers, url }: Request): boolean {
  return (
    (headers.get("accept") ?? "").includes("text/event-stream") || /stream\/?$/.test(new URL(url).pathname)
  );
}

async function list(asked: Asked): Promise<Response> {
  const answer = await ask(asked, LIST);
  if (!answer) return problem(503, "Livetrail cannot be reached");
  return refusedKey(answer) ?? passedBack(answer, answer.body);
}

async function stream(asked: Asked, streamSeconds = STREAM_SECONDS): Promise<Response> {
  const answer = await ask(asked, STREAM);
  // An error would end an EventSource for ever.
  if (!answer || answer.status >= 500 || answer.status === 429) return comeBack();
  const refused = refusedKey(answer);
  if (refused || !answer.ok || !answer.body) return refused ?? passedBack(answer, answer.body);
  return passedBack(
    answer,
    limited(answer.body, streamSeconds * 1_000, () => asked.asking.abort()),
  );
}
