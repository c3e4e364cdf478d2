/** Route handlers of Next.js (App Router), and any other handler from the web's `Request` to its `Response`. */
import type { Activity, ActivityAction, AdminActivity, CamelActivity, NewActivity } from "./activity.js";
import { asError, call } from "./callback.js";
import type { Livetrail } from "./client.js";
import { type RequestContextOptions, type RequestLike, requestContext } from "./request-context.js";
import { partOf } from "./runtime.js";
import { fieldName } from "./shape/names.js";
import { livetrail } from "./shared.js";

export {
  type StreamAccess,
  type StreamAuthorization,
  type StreamRouteOptions,
  streamRoute,
} from "./next/stream-route.js";
export {
  type RequestContext,
  type RequestContextOptions,
  type RequestLike,
  requestContext,
} from "./request-context.js";

type User = { [Name in "user_id" | "userId" | "adminId"]?: string | number | bigint | null | undefined };

/** What the wrapper does not know: who did it, and to what, under the names of any shape. An action replaces its own. */
export type Described = User &
  Partial<
    Omit<Activity, "user_id" | "action_type"> &
      Omit<CamelActivity, "userId" | "actionType"> &
      Omit<AdminActivity, "adminId">
  >;

type Description = Described | null | undefined;

/** Who acted, where `describe` does not say. */
const UNKNOWN_USER = "anon-unknown";

export interface WithActivityOptions<Request extends RequestLike, Context> extends RequestContextOptions {
  action: ActivityAction;
  /**
   * Says who acted, and whatever else belongs into the activity; null records nothing. The handler has read the request's
   * body by then. `response` is undefined where the handler threw.
   */
  describe: (
    request: Request,
    response: Response | undefined,
    context: Context,
  ) => Description | Promise<Description>;
  /** `after` of `next/server`: what was recorded is sent after the response, before a serverless function stops. */
  after?: ((task: () => Promise<unknown>) => void) | undefined;
  /**
   * Whether the message of an exception is stored, and not only its type. Messages often quote what a user typed. Default:
   * false.
   */
  includeErrorMessage?: boolean | undefined;
  /** Default: the client of the process, from the environment. */
  client?: Livetrail | undefined;
}

type Handler<Request, Context> = (request: Request, context: Context) => Response | Promise<Response>;

const FLUSH_MS = 5_000;

/** A handler that records an activity for each request, once it has answered or thrown. It changes nothing else. */
export function withActivity<Request extends RequestLike, Context = unknown>(
  handler: Handler<Request, Context>,
  options: WithActivityOptions<Request, Context>,
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    const began = Date.now();
    const note = (response: Response | undefined, facts: Record<string, unknown>) =>
      noteLater(options, request, context, response, { durationMs: Date.now() - began, ...facts });
    let response: Response;
    try {
      response = await handler(request, context);
    } catch (error) {
      note(undefined, ofThrown(error, options.includeErrorMessage ?? false));
      throw error;
    }
    // Where a handler answers with nothing, Next.js says so: the wrapper must not say it in other words.
    note(response, { statusCode: response?.status });
    return response;
  };
}

/** Neither a failure to describe nor one to record may touch the response. */
function noteLater<Request extends RequestLike, Context>(
  options: WithActivityOptions<Request, Context>,
  request: Request,
  context: Context,
  response: Response | undefined,
  facts: Record<string, unknown>,
): void {
  const client = options.client ?? livetrail();
  const record = async (): Promise<boolean> => {
    const described = await describe(options, request, context, response);
    if (!described) return false;
    const who = (described.adminId ?? described.userId ?? described.user_id) ? {} : { userId: UNKNOWN_USER };
    const known = { action: options.action, ...requestContext(request, options), ...facts };
    client.record({ ...without(known, described), ...described, ...who } as NewActivity);
    return true;
  };
  const recorded = record();
  client.expect(recorded);
  const { after } = options;
  if (!after) return;
  const sent = recorded.then((isRecorded) => isRecorded && client.flush(FLUSH_MS)).catch(() => {});
  // `after` throws outside of a request; the activity is sent all the same.
  call(() => after(() => sent));
}

/** What is known, except for fields that the description gives, whichever their names. */
function without(known: Record<string, unknown>, described: Described): Record<string, unknown> {
  const given = Object.entries(described).filter(([, value]) => value !== undefined);
  const fields = new Set(given.map(([name]) => fieldName(name)));
  return Object.fromEntries(Object.entries(known).filter(([name]) => !fields.has(fieldName(name))));
}

/** A description that fails is no reason to lose the activity. */
async function describe<Request extends RequestLike, Context>(
  options: WithActivityOptions<Request, Context>,
  request: Request,
  context: Context,
  response: Response | undefined,
): Promise<Description> {
  try {
    return await options.describe(request, response, context);
  } catch (error) {
    return { metadata: { describe: options.includeErrorMessage ? error : typeName(error) } };
  }
}

/** Next.js throws to redirect or to answer "not found"; its digest says so. Anything else is a failure. */
function ofThrown(error: unknown, includeMessage: boolean): Record<string, unknown> {
  const digest = partOf<unknown>(error, "digest");
  const [kind, ...rest] = typeof digest === "string" ? digest.split(";") : [];
  if (kind === "NEXT_REDIRECT") return { statusCode: Number(rest.at(-2)) || 307 };
  if (kind === "NEXT_NOT_FOUND") return { statusCode: 404 };
  if (kind === "NEXT_HTTP_ERROR_FALLBACK") return { statusCode: Number(rest[0]) || 404 };
  return {
    statusCode: 500,
    success: false,
    errorType: typeName(error),
    ...(includeMessage && { errorMessage: asError(error).message }),
  };
}

function typeName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
