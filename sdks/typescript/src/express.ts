/** A middleware for Express, and anything else whose requests and responses are those of node:http. */
import type { ActivityAction, AdminActivity, NewActivity } from "./activity.js";
import { call, isPromise } from "./callback.js";
import type { Livetrail } from "./client.js";
import { livetrail } from "./shared.js";

/** The part of a request that is used. Express adds `ip`, which follows its own setting "trust proxy". */
interface IncomingRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly ip?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

interface OutgoingResponse {
  readonly statusCode: number;
  readonly writableFinished: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** Who did what. Without an action nothing is recorded. */
type Described = Partial<Omit<AdminActivity, "action">> & {
  userId?: string | number | bigint | null | undefined;
  action: ActivityAction;
};

type Description = Described | null | undefined;

/** The party that acts in the user's name, and through what. */
type Delegate = Partial<Pick<AdminActivity, "delegateId" | "delegateType" | "via">>;

export interface ActivityMiddlewareOptions<
  Request extends IncomingRequest,
  Response extends OutgoingResponse,
> {
  /**
   * Called when the response is sent, or its client has gone before that; null records nothing. A promise is awaited. If
   * it throws or rejects, nothing is recorded, and the client's `onError` is told why.
   */
  describe: (request: Request, response: Response) => Description | Promise<Description>;
  /**
   * Tells who acts in the user's name, and through what: `(request) => delegateOf(request.auth)`. An activity has it
   * unless `describe` names a delegate. If it throws, the activity is recorded without it, and `onError` is told why.
   */
  delegate?: ((request: Request) => Delegate | null | undefined) | undefined;
  /** Default: the client of the process, from the environment. */
  client?: Livetrail | undefined;
}

/** Records an activity for each response that `describe` has words for. */
export function activityMiddleware<Request extends IncomingRequest, Response extends OutgoingResponse>(
  options: ActivityMiddlewareOptions<Request, Response>,
): (request: Request, response: Response, next: () => void) => void {
  return (request, response, next) => {
    const began = Date.now();
    // It comes after "finish", and where the client has gone, instead of it.
    response.once("close", () => {
      const client = options.client ?? livetrail();
      const note = (): void => {
        const known = { ...factsOf(request, response), durationMs: Date.now() - began };
        const record = (described: Description) => {
          if (!described) return;
          const delegate = delegateFor(described, () => options.delegate?.(request), client);
          client.record({ ...known, ...described, ...delegate } as NewActivity);
        };
        const described = options.describe(request, response);
        if (isPromise(described)) client.expect(described.then(record));
        else record(described);
      };
      call(note, (error) => client.refuse(error));
    });
    next();
  };
}

/** The delegate of a description, or else the one that the application tells. The channel may come from either. */
function delegateFor(
  described: Described,
  tell: () => Delegate | null | undefined,
  client: Livetrail,
): Delegate {
  const { delegateId, delegateType, via }: Delegate = described;
  const own = { delegateId, delegateType, via };
  try {
    const told = tell() ?? {};
    return { ...(delegateId == null ? told : own), via: via ?? told.via };
  } catch (error) {
    client.complain("a delegate could not be read; the activity is recorded without it", error);
    return own;
  }
}

function factsOf(request: IncomingRequest, response: OutgoingResponse): Partial<AdminActivity> {
  return {
    ipAddress: request.ip ?? request.socket.remoteAddress,
    userAgent: request.headers["user-agent"],
    httpMethod: request.method,
    endpoint: request.originalUrl ?? request.url,
    requestId: request.headers["x-request-id"],
    ...outcome(response),
  } as Partial<AdminActivity>;
}

/** Of a request whose client has gone, no status was ever seen. */
function outcome({ writableFinished, statusCode }: OutgoingResponse): Partial<AdminActivity> {
  return writableFinished ? { statusCode } : { success: false, errorType: "ClientDisconnected" };
}
