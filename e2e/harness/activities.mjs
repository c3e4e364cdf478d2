// @ts-check
/** Activities as an application sends them. */

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

/** @typedef {import("./server.mjs").NewActivity} NewActivity */

/** @param {NewActivity} [fields] @returns {NewActivity} */
export const login = (fields) => ({
  user_id: "ada",
  action_type: "user_login",
  endpoint: "/login",
  http_method: "POST",
  status_code: 303,
  duration_ms: 41,
  ip_address: "203.0.113.9",
  user_agent: CHROME,
  ...fields,
});

/** @param {NewActivity} [fields] */
export const failedLogin = (fields) =>
  login({ status_code: 401, error_message: "Wrong password.", error_type: "InvalidCredentials", ...fields });

/** @param {NewActivity} [fields] */
export const chatMessage = (fields) =>
  login({ action_type: "chat_message", endpoint: "/chat", details: { words: 12 }, ...fields });

/** One of each kind that looks different. */
export const everyLook = () => [
  login(),
  failedLogin({ user_id: "milo" }),
  chatMessage({ user_id: "anon-4711", user_agent: IPHONE, ip_address: "2001:db8::17" }),
  login({ action_type: "document_upload", duration_ms: 1_870, resource_type: "document" }),
  login({ action_type: "report_built_by_hand", duration_ms: 12_400, endpoint: null, status_code: null }),
  login({
    user_id: "robin",
    is_admin: true,
    action_type: "user_suspended",
    target_user_id: "milo",
    changes: { status: { from: "active", to: "suspended" }, seats: { from: 4, to: 3 } },
    details: { reason: "chargeback", ticket: { number: 812, open: true, notes: null } },
  }),
];
