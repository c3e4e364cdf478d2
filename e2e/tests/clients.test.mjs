// @ts-check
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { after } from "node:test";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { NOT_THERE } from "../harness/browser.mjs";
import { Client } from "../harness/client.mjs";
import { eventually } from "../harness/eventually.mjs";
import { Pages } from "../harness/pages.mjs";
import { scenario } from "../harness/scenario.mjs";

/** They are told to wait for one to two seconds before they come back, and some try in vain first. */
const BACK_WITHIN_MS = 30_000;
/** The page that is made with React shows as many. */
const SHOWN = 20;

/** @typedef {import("../harness/server.mjs").NewActivity} NewActivity */
/** @typedef {NewActivity & { id: string, position: number }} Stored */
/** @typedef {{ name: string, client: Client, wants: (activity: NewActivity) => boolean }} Follower */

const pages = await Pages.serve();
after(() => pages.close());
const secret = randomBytes(32).toString("hex");

scenario(
  "whatever follows the stream gets everything that it asked for, in order, once, over a crash and a restart",
  async ({ server, browser, t }) => {
    browser.expectTrouble(NOT_THERE);
    const shown = await browser.newPage();
    const followers = await follow(server, await browser.newPage(), shown);
    /** @type {Stored[]} */
    const stored = [];
    const store = async () => {
      const activities = batch();
      const results = await server.append(...activities);
      stored.push(...results.map((result, index) => ({ ...activities[index], ...result })));
    };
    let lives = 1;
    const outage = async (/** @type {() => Promise<void>} */ end) => {
      await store();
      await end();
      await server.restart();
      const started = Date.now();
      await store();
      const back = followers.filter(({ client }) => client.connections > lives);
      await untilAllHaveTheLastOf(followers, stored);
      t.diagnostic(
        `${back.length} were back before the first activity, all ${Date.now() - started} ms after the start`,
      );
      lives += 1;
    };

    try {
      await untilAllAreConnected(followers);
      await outage(() => server.kill());
      await outage(() => server.stop());
      await store();
      await untilAllHaveTheLastOf(followers, stored);
      const ours = new Set(positions(stored));
      for (const { name, client, wants } of followers) {
        const got = client.positions.filter((position) => ours.has(position));
        assertEachOnce(name, got, positions(stored.filter(wants)));
        assert.ok(client.connections >= lives, `${name} was connected ${client.connections} times`);
        const types = new Set(client.messages.map(({ type }) => type));
        // The failed logins raise alerts.
        types.delete("alert");
        assert.deepEqual([...types], ["connected", "new_activity"], name);
        t.diagnostic(`${name}: ${client.positions.length} activities over ${client.connections} connections`);
      }
      await untilItems(shown, stored.slice(-SHOWN).reverse());
      await shown.getByRole("status").getByText("Live").waitFor();
    } catch (error) {
      for (const { name, client } of followers) console.error(`${name}:\n${client.log}`);
      throw error;
    } finally {
      await Promise.all(followers.map(({ client }) => client.stop()));
    }
  },
  {},
  ["--cors-origin", pages.origin, "--jwt-secret-key", secret],
);

/**
 * @param {import("../harness/server.mjs").Server} server
 * @param {import("playwright-core").Page} plain
 * @param {import("playwright-core").Page} react
 * @returns {Promise<Follower[]>}
 */
async function follow(server, plain, react) {
  const key = await server.key("viewer");
  // What is stored before they begin is not theirs, and keys are activities, too.
  await server.key("writer");
  await server.addAdmin("grace");
  await react.addInitScript((token) => localStorage.setItem("token", token), applicationToken("grace"));
  const stream = `${server.url}/api/admin/activity/stream`;
  const inQuery = encodeURIComponent(`${stream}?user_id=milo&token=${key}`);

  const everything = () => true;
  return [
    {
      name: "EventSource in Chromium, from another origin",
      client: await Client.page(plain, `${pages.origin}/clients/browser.html?stream=${inQuery}`),
      wants: ({ user_id }) => user_id === "milo",
    },
    {
      name: "a React component, from another origin",
      client: await Client.page(react, `${pages.origin}/clients/react.html?api=${server.url}`),
      wants: everything,
    },
    {
      name: "npm's eventsource",
      client: Client.node("node-eventsource.mjs", `${stream}?success_filter=failure`, key),
      wants: ({ status_code }) => Number(status_code) >= 400,
    },
    {
      name: "httpx-sse",
      client: await Client.python("python-httpx-sse.py", `${stream}?action_filter=!chat_message`, key),
      wants: ({ action_type }) => action_type !== "chat_message",
    },
    {
      name: "sseclient-py",
      client: await Client.python("python-sseclient.py", stream, key),
      wants: everything,
    },
    {
      name: "curl",
      client: Client.bash("curl.sh", stream, key),
      wants: everything,
    },
  ];
}

/** Some of everything that any client asks for; the last is what all ask for. */
function batch() {
  const some = [login(), failedLogin(), chatMessage(), failedLogin({ user_id: "milo" })];
  return Array.from({ length: 25 }, () => some).flat();
}

/**
 * A token as the application gives it to its admins.
 * @param {string} userId
 */
function applicationToken(userId) {
  const encode = (/** @type {object} */ part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ user_id: userId, exp })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** @param {{ position: number }[]} activities */
const positions = (activities) => activities.map(({ position }) => position);

/**
 * @param {string} name
 * @param {number[]} got
 * @param {number[]} wanted
 */
function assertEachOnce(name, got, wanted) {
  const missing = wanted.filter((position) => !got.includes(position));
  const surplus = got.filter(
    (position, index) => !wanted.includes(position) || got.indexOf(position) !== index,
  );
  assert.deepEqual({ missing, surplus }, { missing: [], surplus: [] }, name);
  assert.deepEqual(got, wanted, `${name}: the order`);
}

/**
 * @param {import("playwright-core").Page} page
 * @param {Stored[]} activities
 */
function untilItems(page, activities) {
  return eventually(async () => {
    const ids = await page.getByRole("listitem").evaluateAll((items) => items.map(({ id }) => id));
    assert.deepEqual(
      ids,
      activities.map(({ id }) => id),
    );
  });
}

/** @param {Follower[]} followers */
function untilAllAreConnected(followers) {
  return eventually(() => {
    const connected = followers.filter(({ client }) => client.connections > 0);
    assert.deepEqual(
      connected.map(({ name }) => name),
      followers.map(({ name }) => name),
    );
  }, BACK_WITHIN_MS);
}

/**
 * @param {Follower[]} followers
 * @param {Stored[]} stored
 */
function untilAllHaveTheLastOf(followers, stored) {
  const last = stored.at(-1)?.position;
  return eventually(() => {
    // What Livetrail itself records of those who come back is in the log, too, and may come after it.
    const behind = followers.filter(({ client }) => last !== undefined && !client.positions.includes(last));
    assert.deepEqual(
      behind.map(({ name, client }) => `${name} is at ${client.positions.at(-1)}, not at ${last}`),
      [],
    );
  }, BACK_WITHIN_MS);
}
