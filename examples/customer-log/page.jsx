/** The page: who is signed in, what they can do, and the log of their company. */
import { ActivityFeed } from "@livetrail/sdk/react";
import "@livetrail/sdk/activity-feed.css";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import "./page.css";

const livetrail = document.querySelector('meta[name="livetrail"]').content;
const USERS = { ada: "Ada of Acme", bo: "Bo of Acme", grace: "Grace of Globex" };

const post = (path) => fetch(path, { method: "POST" });

async function token() {
  const response = await post("/api/log-token");
  if (!response.ok) throw Object.assign(new Error("there is no token"), { status: response.status });
  return (await response.json()).token;
}

function Page() {
  const [user, setUser] = useState(null);
  const signIn = async (name) => {
    await post(`/api/sign-in/${name}`);
    setUser(name);
  };
  return (
    <main>
      <h1>Parcels</h1>
      <div className="actions">
        {Object.entries(USERS).map(([name, words]) => (
          <button key={name} type="button" aria-pressed={name === user} onClick={() => signIn(name)}>
            {words}
          </button>
        ))}
      </div>
      {user && (
        <>
          <div className="actions">
            <button type="button" onClick={() => post("/api/parcels/send")}>
              Send a parcel
            </button>
            <button type="button" onClick={() => post("/api/parcels/recall")}>
              Recall a parcel
            </button>
          </div>
          {/* Another user may be of another company: a new key begins anew. */}
          <ActivityFeed key={user} url={`${livetrail}/api/admin/activity/stream`} token={token} />
        </>
      )}
    </main>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
