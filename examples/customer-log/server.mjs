// @ts-check
/** The application: its page, its users, what they do, and tokens for the log of their company. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { livetrail, record, requestContext } from "@livetrail/sdk";
import { SignJWT } from "jose";

const { LIVETRAIL_URL = "http://127.0.0.1:7777", JWT_SECRET_KEY = "", PORT = "8001" } = process.env;
const DIST = new URL("dist/", import.meta.url).pathname;
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
/** Nothing inline, and nobody else's: the component needs no more than this. */
const POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self' ${LIVETRAIL_URL}`;

/** @typedef {{ id: string, tenant: string }} User */
/** @type {User[]} */
const USERS = [
  { id: "ada", tenant: "acme" },
  { id: "bo", tenant: "acme" },
  { id: "grace", tenant: "globex" },
];
const PARCEL = { resourceType: "parcel", targetResourceId: "p-1042" };
/** @type {Map<string, User>} */
const sessions = new Map();

/** @param {User} user */
function tokenOf({ id, tenant }) {
  return new SignJWT({ sub: id, role: "viewer", tenant })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience("livetrail")
    .setExpirationTime("5m")
    .sign(new TextEncoder().encode(JWT_SECRET_KEY));
}

/** @param {import("node:http").IncomingMessage} request @returns {User | undefined} */
const userOf = ({ headers }) =>
  sessions.get(/(?:^|;\s*)session=([^;]+)/.exec(headers.cookie ?? "")?.[1] ?? "");

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {User} user
 * @param {Record<string, unknown> & { action: string }} activity
 */
function log(request, user, activity) {
  record({ ...requestContext(request), userId: user.id, tenantId: user.tenant, ...activity });
  return {};
}

/** @typedef {(request: import("node:http").IncomingMessage, user: User) => Promise<object>} Route */
/** @type {Map<string, Route>} */
const ROUTES = new Map([
  ["/api/log-token", async (_, user) => ({ token: await tokenOf(user) })],
  ["/api/parcels/send", async (request, user) => log(request, user, { action: "parcel_sent", ...PARCEL })],
  [
    "/api/parcels/recall",
    async (request, user) =>
      log(request, user, {
        action: "parcel_recalled",
        statusCode: 409,
        errorMessage: "The parcel has left the building",
        ...PARCEL,
      }),
  ],
]);

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://localhost");
  const answer = (/** @type {number} */ status, /** @type {object} */ body, headers = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  const signsIn = USERS.find(({ id }) => request.method === "POST" && pathname === `/api/sign-in/${id}`);
  const route = ROUTES.get(pathname);
  if (signsIn) {
    const session = randomUUID();
    sessions.set(session, signsIn);
    log(request, signsIn, { action: "user_login" });
    answer(200, {}, { "set-cookie": `session=${session}; HttpOnly; SameSite=Strict; Path=/` });
  } else if (route) {
    const user = userOf(request);
    if (user && request.method === "POST") answer(200, await route(request, user));
    else answer(401, {});
  } else await file(pathname, response);
});

/** @param {string} pathname @param {import("node:http").ServerResponse} response */
async function file(pathname, response) {
  const name = normalize(pathname === "/" ? "/index.html" : pathname);
  const text = await readFile(join(DIST, name), "utf8").catch(() => null);
  if (text === null) return response.writeHead(404).end();
  const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(name))] ?? "application/octet-stream";
  const headers = { "content-type": type, "content-security-policy": POLICY };
  return response.writeHead(200, headers).end(text.replace("%LIVETRAIL_URL%", LIVETRAIL_URL));
}

server.listen(Number(PORT), "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://127.0.0.1:${address.port}`);
});
process.on("SIGTERM", async () => {
  server.closeAllConnections();
  server.close();
  await livetrail().flush();
  process.exit(0);
});
